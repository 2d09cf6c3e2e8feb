import { describe, expect, it } from 'vitest'
import type { OrderOptions } from '@/api/staff'
import { fresh, freshLine, missing, possible, requestOf, room, type Asked } from './ask'

const line = (no: number, changes: object = {}) => ({
  no,
  sku: `S${no}`,
  quantity: 3,
  phase: 'after_receipt',
  returnable: { count: 2, kinds: ['return_refund', 'exchange', 'compensation'], blocked: [], reasons: [] },
  ...changes,
})
const order = { id: 'ord_1', currency: 'CNY', lines: [line(1), line(2)] } as unknown as OrderOptions
const asked = (changes: Partial<Asked>, one: object = {}): Asked => ({
  ...fresh('return_refund'),
  lines: { 1: { ...freshLine(), quantity: 1, reason: 'defective', ...one } },
  ...changes,
})

describe('opening a case for a customer', () => {
  it('offers only kinds that are possible for a line, and only units that are free', () => {
    expect(possible(order)).toEqual(['return_refund', 'exchange', 'compensation'])
    expect(room(order.lines[0]!, 'return_refund')).toBe(2)
    expect(room(order.lines[0]!, 'compensation')).toBe(3)
    expect(room(order.lines[0]!, 'reship')).toBe(0)
  })

  it('asks about the price of goods in a return as well', () => {
    const away = line(1, {
      returnable: {
        count: 0,
        priced: 2,
        kinds: ['price_protection'],
        blocked: [{ count: 3, code: 'units_taken', text: '' }],
      },
    })
    expect(room(away as unknown as OrderOptions['lines'][number], 'price_protection')).toBe(2)
  })

  it('counts what was not delivered as far as no other case has it', () => {
    const away = line(1, {
      returnable: { count: 0, kinds: ['refund_only'], blocked: [{ count: 1, code: 'units_taken', text: '' }] },
    })
    expect(room(away as unknown as OrderOptions['lines'][number], 'refund_only')).toBe(2)
  })

  it('says what is missing', () => {
    expect(missing(fresh('return_refund'), order)).toBe('open.need_item')
    expect(missing(asked({}, { reason: '' }), order)).toBe('open.need_reason')
    expect(missing(asked({ kind: 'price_protection' }, { lower: 'x' }), order)).toBe('open.need_lower')
    expect(missing(asked({ kind: 'compensation' }), order)).toBe('open.need_amount')
    expect(missing(asked({ kind: 'compensation', amount: '10' }, { reason: '' }), order)).toBe('')
  })

  it('sends only what belongs to the kind', () => {
    const all = { intercept: true, credit: true, amount: '12.50' }
    expect(requestOf(asked(all, { sku: 'X', lower: '5' }), order)).toEqual({
      kind: 'return_refund',
      order: 'ord_1',
      items: [{ line: 1, quantity: 1, reason: 'defective' }],
    })
    expect(requestOf(asked({ ...all, kind: 'exchange' }, { sku: 'X' }), order)).toMatchObject({
      credit: true,
      items: [{ line: 1, quantity: 1, reason: 'defective', sku: 'X' }],
    })
    expect(requestOf(asked({ ...all, kind: 'compensation' }), order)).toMatchObject({
      basis: 'goodwill',
      amount: 1250,
      items: [{ line: 1, quantity: 1 }],
    })
    expect(requestOf(asked({ kind: 'price_protection' }, { lower: '5' }), order).items).toEqual([
      { line: 1, quantity: 1, lower: 500 },
    ])
  })
})
