import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { Kind, Outcome, Quote, QuoteRequest } from '@/api/types'
import { closed, firstOpen, moneyOnly, underWay, useChoices, type Choices } from './choices'

const quote = (outcome: Outcome, code: string) =>
  ({ total: { minor: 100, currency: 'CNY' }, decision: { outcome, grounds: [{ code, text: code }] } }) as Quote
const says = (outcome: Outcome, code = 'within_window') => ({ quote: quote(outcome, code), offered: true })

describe('what the shop says of each kind', () => {
  const undelivered: Choices = {
    return_refund: says('refuse', 'kind_not_in_phase'),
    refund_only: says('approve', 'not_sent'),
  }

  it('closes a refused kind only where another one is not', () => {
    expect(closed(undelivered, 'return_refund')).toBe(true)
    expect(closed(undelivered, 'refund_only')).toBe(false)
    expect(closed({ return_refund: says('refuse') }, 'return_refund')).toBe(false)
  })

  it('starts with the first kind that is not refused', () => {
    expect(firstOpen(undelivered)).toBe('refund_only')
    expect(firstOpen({ compensation: { offered: true } })).toBeUndefined()
  })

  it('knows goods that are under way, and money that can be asked for alone', () => {
    expect(underWay({ return_refund: says('approve', 'in_transit') })).toBe(true)
    expect(underWay(undelivered)).toBe(false)
    expect(moneyOnly({ price_protection: { offered: true } })).toBe(true)
    expect(moneyOnly({ price_protection: says('refuse', 'price_window_closed') })).toBe(false)
    expect(moneyOnly({ compensation: { offered: false } })).toBe(false)
  })
})

describe('asking for every kind', () => {
  let asked: QuoteRequest[] = []
  const scope = effectScope()
  beforeEach(() => {
    vi.useFakeTimers()
    asked = []
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      const body = JSON.parse(init.body as string) as QuoteRequest
      asked.push(body)
      const answer = body.kind === 'compensation' ? quote('refuse', 'kind_not_offered') : quote('approve', 'ok')
      return Promise.resolve(new Response(JSON.stringify(answer)))
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('leaves out what needs a reason until there is one, and what the shop does not offer', async () => {
    const base = ref<QuoteRequest>({ order: 'ord_1', items: [{ line: 1, quantity: 1 }] })
    const { choices } = scope.run(() => useChoices(() => base.value))!
    const kindsAsked = async () => {
      asked = []
      await nextTick()
      await vi.advanceTimersByTimeAsync(400)
      await flushPromises()
      return asked.map((one) => one.kind as Kind)
    }
    expect(await kindsAsked()).toEqual(['price_protection', 'compensation'])
    expect(choices).toEqual({
      price_protection: { offered: true },
      compensation: expect.objectContaining({ offered: false }),
    })

    base.value = { order: 'ord_1', items: [{ line: 1, quantity: 1, reason: 'defective' }] }
    expect(await kindsAsked()).toHaveLength(6)
    expect(choices.exchange).toMatchObject({ offered: true, quote: { total: { minor: 100 } } })
    expect(asked.find((one) => one.kind === 'price_protection')!.items[0]).toEqual({ line: 1, quantity: 1, lower: 0 })
  })
})
