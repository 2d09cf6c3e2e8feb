import { describe, expect, it } from 'vitest'
import type { CaseRequest, OrderLine } from '@/api/types'
import { anyLine, dueOf, only, room, wantable } from './kinds'

const yuan = (minor: number) => ({ minor, currency: 'CNY' })
const line = (quantity: number, count: number, ...blocked: [number, string][]) =>
  ({
    quantity,
    returnable: { count, priced: quantity, blocked: blocked.map(([n, code]) => ({ count: n, code, text: code })) },
  }) as OrderLine

describe('how many pieces a request may name', () => {
  const taken = line(3, 0, [1, 'units_taken'], [2, 'window_closed'])
  it.each([
    ['all that can go back', line(3, 2, [1, 'units_taken']), 'return_refund', 2],
    ['goods that have not arrived', line(2, 0, [2, 'not_delivered']), 'refund_only', 2],
    ['none whose time is over', taken, 'exchange', 0],
    ['those too where a price fell, and those in a return', taken, 'price_protection', 3],
    ['of a compensation those too', taken, 'compensation', 3],
  ] as const)('%s', (_, of, kind, want) => {
    expect(room(of, kind)).toBe(want)
  })

  it('finds the line that money alone can be asked for', () => {
    const gone = line(1, 0, [1, 'units_taken'])
    expect([anyLine([gone, taken]), anyLine([])]).toEqual([gone, undefined])
  })

  it('counts what is not delivered as something to ask about', () => {
    expect([wantable(line(2, 0, [2, 'not_delivered'])), wantable(taken)]).toEqual([2, 0])
  })
})

describe('a request', () => {
  const all: CaseRequest = {
    order: 'ord_1',
    items: [{ line: 1, quantity: 1, reason: 'defective', photos: ['pho_1'], sku: 'B', lower: 100 }],
    photos: [],
    intercept: true,
    credit: true,
    basis: 'promise',
    amount: 500,
  }
  const photos = ['pho_1']
  it.each([
    ['return_refund', { reason: 'defective', photos }, {}],
    ['refund_only', { reason: 'defective', photos }, { intercept: true }],
    ['exchange', { reason: 'defective', photos, sku: 'B' }, { credit: true }],
    ['price_protection', { photos, lower: 100 }, {}],
    ['compensation', { photos }, { basis: 'promise', amount: 500 }],
  ] as const)('of the kind %s says only what belongs to it', (kind, item, more) => {
    expect(only({ ...all, kind })).toEqual({
      order: 'ord_1',
      kind,
      items: [{ line: 1, quantity: 1, ...item }],
      photos: [],
      ...more,
    })
  })
})

it('reads what an exchange costs more from its parts', () => {
  const part = (minor: number) => ({ components: [{ code: 'exchange_due', text: '', amount: yuan(minor) }] })
  expect(dueOf(part(1000))).toEqual(yuan(1000))
  expect([dueOf(part(0)), dueOf({ components: [] })]).toEqual([undefined, undefined])
})
