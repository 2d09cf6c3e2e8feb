import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Quote, QuoteRequest } from '@/api/types'
import { lang } from '@/i18n'
import { api } from '@/lib/client'
import { online } from '@/lib/online'
import { Problem } from '@/lib/problem'

const pause = 250

/**
 * Asks what would be refunded whenever the question changes. Waits until the
 * customer pauses, and drops an answer that a newer question has overtaken; the
 * old amount stays visible (and `asking` true) until the new one is there.
 */
export function useQuote(question: () => QuoteRequest | undefined) {
  const quote = shallowRef<Quote>()
  const problem = shallowRef<Problem>()
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let current: AbortController | undefined

  async function ask(): Promise<void> {
    clearTimeout(timer)
    current?.abort()
    const body = question()
    if (!body) {
      quote.value = problem.value = undefined
      asking.value = false
      return
    }
    const mine = new AbortController()
    current = mine
    asking.value = true
    try {
      const answer = await api('POST /v1/my/quotes', { body, signal: mine.signal })
      if (current !== mine) return
      quote.value = answer
      problem.value = undefined
    } catch (error) {
      if (current === mine && !mine.signal.aborted) {
        problem.value = Problem.of(error)
        quote.value = undefined
      }
    } finally {
      if (current === mine) asking.value = false
    }
  }

  watch(
    [() => JSON.stringify(question() ?? null), lang],
    () => {
      clearTimeout(timer)
      current?.abort()
      current = undefined
      asking.value = question() !== undefined
      timer = setTimeout(() => void ask(), asking.value ? pause : 0)
    },
    { immediate: true },
  )
  // What had no answer is asked again once the network is back.
  watch(online, (now) => {
    if (now && problem.value?.unreachable) void ask()
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    current?.abort()
    current = undefined
  })
  return { quote, problem, asking, ask }
}
