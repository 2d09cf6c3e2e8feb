import { describe, expect, it } from 'vitest'
import { cleared, fieldsOf, type Known } from './fields'
import { marks, narrowed, unfiltered, type Filter } from './inbox'

const known: Known = {
  counts: {},
  people: [{ id: 'staff_1', name: 'Li' }],
  reasons: { loud: 'Too loud' },
  currency: 'CNY',
  sellers: true,
}
const chosen = (filter: Filter) => fieldsOf(filter, known).filter((one) => one.value)

const some: Partial<Filter>[] = [
  { tab: 'decide' },
  { state: 'submitted' },
  { reason: 'loud' },
  { kind: 'exchange' },
  { assignee: 'staff_1' },
  { seller: 'S1' },
  { channel: 'tmall' },
  { country: 'DE' },
  { sku: 'A-1' },
  { overdue: true },
  { wrote: true },
  { unread: true },
  { undated: true },
  { waiting: 'seller' },
  { due: '24' },
  { opened_from: '2026-03-02' },
  { opened_to: '2026-03-02' },
  { least: '100', currency: 'CNY' },
  { most: '100', currency: 'CNY' },
  { currency: 'EUR' },
  ...marks.map((name) => ({
    [name]: /_(from|to)$/.test(name) ? '2026-03-02' : name === 'answered_by' ? 'staff' : '24',
    ...(name.startsWith('returned') ? { currency: 'CNY' } : {}),
  })),
]

describe('what the list is narrowed by', () => {
  it.each(some)('%j is one field, told in words, and can be taken away', (change) => {
    const filter = { ...unfiltered, ...change }
    const all = chosen(filter)
    expect(all).toHaveLength(1)
    expect(all[0]!.says).not.toBe('')
    const without = { ...filter, ...all[0]!.set('') }
    expect(narrowed(without)).toBe(false)
  })

  it('every part of a filter has a field', () => {
    const told = new Set(some.flatMap((one) => Object.keys(one)))
    expect(Object.keys(unfiltered).filter((name) => !told.has(name))).toEqual(['q', 'sort', 'view'])
  })
})

it('an amount is typed in the currency of the list, and what is none changes nothing', () => {
  const least = fieldsOf({ ...unfiltered, most: '5000', currency: 'JPY' }, known).find((one) => one.name === 'least')!
  expect(least.set('300')).toEqual({ least: '300', currency: 'JPY' })
  expect(least.set('a lot')).toBeUndefined()
})

it('clearing keeps the search and the order', () => {
  expect(cleared({ ...unfiltered, q: 'a', sort: 'oldest', overdue: true })).toEqual({
    ...unfiltered,
    q: 'a',
    sort: 'oldest',
  })
})

it('does not take what no country and no amount is', () => {
  const field = (name: string) => fieldsOf(unfiltered, known).find((one) => one.name === name)!
  expect(field('country').set('g1')).toBeUndefined()
  expect(field('country').set(' gb ')).toEqual({ country: 'GB' })
  expect(field('country').set('-')).toEqual({ country: '-' })
  expect(field('least').set('many')).toBeUndefined()
})
