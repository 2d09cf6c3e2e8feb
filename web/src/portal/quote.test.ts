import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { QuoteRequest } from '@/api/types'
import { useQuote } from './quote'

type Waiting = { body: QuoteRequest; answer: (total: number) => void; signal: AbortSignal }
let waiting: Waiting[] = []
const scope = effectScope()

beforeEach(() => {
  vi.useFakeTimers()
  waiting = []
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    return new Promise<Response>((resolve) => {
      waiting.push({
        body: JSON.parse(init.body as string) as QuoteRequest,
        signal: init.signal as AbortSignal,
        answer: (minor) => resolve(new Response(JSON.stringify({ total: { minor, currency: 'CNY' } }))),
      })
    })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const ask = (quantity: number): QuoteRequest => ({ order: 'ord_1', items: [{ line: 1, quantity, reason: 'x' }] })

it('asks once after a pause, and shows only the answer to the newest question', async () => {
  const question = ref<QuoteRequest>()
  const { quote, asking } = scope.run(() => useQuote(() => question.value))!

  question.value = ask(1)
  await nextTick()
  question.value = ask(2)
  await nextTick()
  await vi.advanceTimersByTimeAsync(250)
  expect(waiting.map((call) => call.body.items[0]!.quantity)).toEqual([2])

  question.value = ask(3)
  await nextTick()
  expect(waiting[0]!.signal.aborted).toBe(true)
  await vi.advanceTimersByTimeAsync(250)
  waiting[1]!.answer(300)
  await flushPromises()
  waiting[0]!.answer(200)
  await flushPromises()
  expect(quote.value?.total.minor).toBe(300)
  expect(asking.value).toBe(false)

  question.value = undefined
  await nextTick()
  await vi.advanceTimersByTimeAsync(0)
  expect(quote.value).toBeUndefined()
})
