/* A policy says "then"; it is data, nothing waits for it. */
/* oxlint-disable unicorn/no-thenable */
import { describe, expect, it } from 'vitest'
import type { Sample } from '@/api/policy'
import { factOf, goodsFact, instantOf, knownFacts, localTime, withFact, withGoodsFact } from './facts'

const sample: Sample = {
  now: '2026-03-05T10:00:00Z',
  total: { minor: 12900, currency: 'CNY' },
  goods: [{ paid: 12900, reason: 'wrong_size' }],
}

describe('facts of an example', () => {
  it('are read and changed by the names of expressions, and taken away again', () => {
    const tier = withFact(sample, 'customer.tier', 'gold')
    expect(tier.customer).toEqual({ tier: 'gold' })
    expect(factOf(tier, 'customer.tier')).toBe('gold')
    expect(withFact(tier, 'customer.tier', undefined)).toEqual(sample)
    expect(withFact(sample, 'request.total', 500).total).toEqual({ minor: 500, currency: 'CNY' })
    expect(factOf(sample, 'request.kind')).toBe('return_refund')
    const goods = withGoodsFact(sample.goods[0]!, 'item.category', 'phone')
    expect(goodsFact(goods, 'item.category')).toBe('phone')
    expect(withGoodsFact(goods, 'item.category', undefined)).toEqual(sample.goods[0])
  })
  it('show moments in the zone of the customer, also when the clocks change', () => {
    expect(localTime('2026-03-05T10:00:00Z', 'Asia/Shanghai')).toBe('2026-03-05T18:00')
    expect(instantOf('2026-03-05T18:00', 'Asia/Shanghai')).toBe('2026-03-05T10:00:00Z')
    for (const at of ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z', '2026-10-25T02:30:00Z'])
      expect(instantOf(localTime(at, 'Europe/Berlin'), 'Europe/Berlin')).toBe(at)
    expect(instantOf('', 'UTC')).toBeUndefined()
    expect(localTime('no time', 'UTC')).toBe('')
    expect(localTime('2026-03-05T10:00:00Z', 'No/Where')).toBe('2026-03-05T10:00')
  })
  it('offer the questions of the rules with their types and words', () => {
    const rules = {
      conditions: [
        {
          id: 'a',
          when: 'true',
          then: { needs: [{ name: 'fit', type: 'choice', choices: ['s', 'm'], says: { en: 'Fits?' } }] },
        },
      ],
    } as unknown as Parameters<typeof knownFacts>[0]
    const [first, ...usual] = knownFacts(rules, 'en')
    expect(first).toMatchObject({ name: 'fit', type: 'choice', label: 'Fits?' })
    expect(first!.options!.map((one) => one.value)).toEqual(['s', 'm'])
    expect(usual.some((one) => one.name === 'use.opened' && one.type === 'bool')).toBe(true)
  })
})
