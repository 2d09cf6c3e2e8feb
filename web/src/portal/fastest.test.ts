import { describe, expect, it } from 'vitest'
import type { Outcome, Quote } from '@/api/types'
import { fastest } from './fastest'

const now = Date.parse('2026-11-22T00:00:00Z')
const says = (outcome: Outcome, { minor = 100, hours = 24 } = {}) => ({
  offered: true,
  quote: {
    total: { minor, currency: 'CNY' },
    return_by_days: 7,
    decision: { outcome, grounds: [], answer_by: new Date(now + hours * 3_600_000).toISOString() },
  } as unknown as Quote,
})

describe('the fastest way', () => {
  it('is money without a parcel where both are approved at once', () => {
    expect(fastest({ return_refund: says('approve'), refund_only: says('approve') }, now)).toBe('refund_only')
  })

  it('is the parcel where a person would take longer to decide', () => {
    const slow = says('review', { hours: 24 * 9 })
    expect(fastest({ return_refund: says('approve'), refund_only: slow }, now)).toBe('return_refund')
  })

  it('does not hang on the second at which it was asked', () => {
    const first = says('review', { hours: 48.001 })
    expect(fastest({ refund_only: first, return_refund: { ...says('review', { hours: 48 }), quote: { ...says('review', { hours: 48 }).quote, return_by_days: 0 } } }, now)).toBe('refund_only')
  })

  it('is not said of one alone, of what is refused or asks first, of nothing to get, or without a promise', () => {
    expect(fastest({ return_refund: says('approve') }, now)).toBeUndefined()
    expect(fastest({ return_refund: says('approve'), refund_only: says('refuse') }, now)).toBeUndefined()
    expect(fastest({ return_refund: says('approve'), refund_only: says('ask') }, now)).toBeUndefined()
    expect(fastest({ return_refund: says('approve'), refund_only: says('approve', { minor: 0 }) }, now)).toBeUndefined()
    const open = says('review') // without a day
    delete open.quote.decision.answer_by
    expect(fastest({ return_refund: says('approve'), refund_only: open }, now)).toBeUndefined()
    expect(fastest({ return_refund: says('approve'), refund_only: { ...says('approve'), offered: false } }, now)).toBeUndefined()
  })

  it('compares no parcel from the shop: when that arrives is not promised', () => {
    expect(fastest({ exchange: says('approve'), reship: says('approve'), return_refund: says('approve') }, now)).toBeUndefined()
  })
})
