import { expect, it } from 'vitest'
import type { LawRule, PackRow } from '@/api/rights'
import { asFacts, example } from './facts'
import { matches, speaksOf } from './rules'

const now = new Date(2026, 10, 10, 9)

it('says what is known, and leaves out what is not', () => {
  expect(asFacts({ ...example('FR', now), used: ['opened'], told: 'no' })).toEqual({
    as_of: '2026-11-10',
    claim: 'change_of_mind',
    channel: 'web',
    buyer: { residence: 'FR', type: 'consumer' },
    seller: { country: 'FR', targets_residence: true },
    contract: { at: '2026-11-04' },
    delivery: { at: '2026-11-07' },
    use: { opened: true },
    told: { right: false },
    notice: { sent_at: '2026-11-10' },
  })
})

it('adds further facts to those of the form, and refuses what is no object', () => {
  const more = { ...example('US-NY', now), price: '12000', more: '{"item":{"durable":true},"channel":"app"}' }
  expect(asFacts(more)).toMatchObject({
    channel: 'app',
    item: { price: 12000, durable: true },
    seller: { country: 'US' },
  })
  expect(asFacts({ ...more, more: '[1]' })).toBeUndefined()
  expect(asFacts({ ...more, more: '{' })).toBeUndefined()
})

it('finds a law by its name or code, and a rule by all the words', () => {
  const row = { jurisdiction: 'FR', name: '法国' } as PackRow
  expect([matches(row, 'fr'), matches(row, '法'), matches(row, 'de')]).toEqual([true, true, false])
  const rule = {
    id: 'FR-WD',
    name: 'Return without a reason',
    says: '14 days',
    citation: ['L221-18'],
    source: ['FR1'],
    exceptions: [{ code: 'CUSTOM', says: 'Made to order' }],
  } as unknown as LawRule
  expect([speaksOf(rule, ''), speaksOf(rule, 'l221 custom'), speaksOf(rule, 'custom 30')]).toEqual([true, true, false])
})
