import { expect, it } from 'vitest'
import type { LawRule, PackRow } from '@/api/rights'
import { asFacts, example } from './facts'
import { matches, newest, speaksOf } from './rules'

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
  const more = {
    ...example('US-NY', now),
    price: '120',
    currency: 'USD',
    kind: 'phone',
    more: '{"item":{"durable":true},"channel":"app"}',
  }
  expect(asFacts(more)).toMatchObject({
    channel: 'app',
    currency: 'USD',
    item: { price: 12000, durable: true, category: 'phone' },
    seller: { country: 'US' },
  })
  expect(asFacts({ ...more, more: '[1]' })).toBeUndefined()
  expect(asFacts({ ...more, more: '{' })).toBeUndefined()
  expect(asFacts({ ...more, price: 'a lot' })).toBeUndefined()
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

it('lists the newest version of each law, those that decide first', () => {
  const row = (jurisdiction: string, version: number, status: string) =>
    ({ jurisdiction, version, status, name: jurisdiction }) as PackRow
  const all = newest([row('B', 1, 'draft'), row('C', 1, 'active'), row('A', 1, 'active'), row('C', 2, 'active')], 'en')
  expect(all.map((one) => `${one.jurisdiction}@${one.version}`)).toEqual(['A@1', 'C@2', 'B@1'])
})
