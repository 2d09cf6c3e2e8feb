import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Quote, QuoteRequest } from '@/api/types'
import { lang } from '@/i18n'
import { api } from '@/lib/client'
import { Problem } from '@/lib/problem'

/**
 * What a request would come to, asked again when it changes and somebody
 * pauses; an answer that was overtaken is dropped.
 */
export function useStaffQuote(question: () => QuoteRequest | undefined) {
  const quote = shallowRef<Quote>()
  const problem = shallowRef<Problem>()
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let current: AbortController | undefined

  async function ask(): Promise<void> {
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
      const answer = await api('POST /v1/quotes', { body, signal: mine.signal })
      if (current !== mine) return
      quote.value = answer
      problem.value = undefined
    } catch (error) {
      if (current !== mine || mine.signal.aborted) return
      quote.value = undefined
      problem.value = Problem.of(error)
    }
    asking.value = false
  }
  watch(
    [() => JSON.stringify(question()), lang],
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), 250)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    current?.abort()
  })
  return { quote, problem, asking }
}
