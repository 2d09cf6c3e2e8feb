import { beforeEach, describe, expect, it } from 'vitest'
import type { Case, Order, OrderLine } from '@/api/types'
import { draftName, dropDraft, fromCase, keepDraft, readDraft } from './draft'

const yuan = (minor: number) => ({ minor, currency: 'CNY' })
const line = (no: number, count: number): OrderLine => ({
  no,
  sku: `S${no}`,
  title: `Item ${no}`,
  category: 'any',
  quantity: 3,
  unit_price: yuan(100),
  paid: yuan(300),
  returnable: { count, priced: 3, blocked: [] },
})
const order = (...lines: OrderLine[]): Order => ({
  id: 'ord_1',
  number: '1',
  placed_at: '2026-11-01T00:00:00Z',
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  total: yuan(900),
  paid: yuan(900),
  lines,
  shipping: { paid: yuan(0) },
  tenders: [],
  reasons: [{ code: 'defective', text: 'Faulty', photos: 'required', freight: 'seller' }],
  cases: [],
})
const photo = { id: 'pho_1', url: '/v1/my/photos/pho_1' }

beforeEach(() => localStorage.clear())

describe('a draft', () => {
  it('comes back as it was kept', () => {
    const draft = { items: { 1: { quantity: 2, reason: 'defective', photos: [photo] } }, comment: 'leaks' }
    keepDraft('ord_1', draft)
    expect(readDraft(order(line(1, 3), line(2, 1)))).toEqual(draft)
  })

  it('loses what no longer fits: lines, pieces and reasons', () => {
    const item = { quantity: 3, reason: 'gone', photos: [] }
    keepDraft('ord_1', { items: { 1: item, 2: item }, comment: '' })
    expect(readDraft(order(line(1, 1), line(2, 0), line(3, 1))).items).toEqual({
      1: { ...item, quantity: 1, reason: '' },
    })
  })

  it('starts with the only line that can go back', () => {
    expect(readDraft(order(line(1, 0), line(2, 2))).items).toEqual({ 2: { quantity: 1, reason: '', photos: [] } })
    expect(readDraft(order(line(1, 1), line(2, 2))).items).toEqual({})
  })

  it('stays empty when the customer emptied it', () => {
    keepDraft('ord_1', { items: {}, comment: '' })
    expect(readDraft(order(line(1, 1))).items).toEqual({})
  })

  it.each(['not json', '"text"', '{"items":{"1":null},"comment":7}'])('survives a broken store: %s', (text) => {
    localStorage.setItem('aftercare.draft.ord_1', text)
    expect(readDraft(order(line(1, 1), line(2, 1)))).toEqual({ items: {}, comment: '' })
  })

  it('is gone after it was sent, and never another order’s', () => {
    keepDraft('ord_1', { items: {}, comment: 'one' })
    keepDraft('ord_2', { items: {}, comment: 'two' })
    dropDraft('ord_1')
    expect(readDraft(order(line(1, 1), line(2, 1))).comment).toBe('')
    expect(localStorage.getItem('aftercare.draft.ord_2')).toContain('two')
  })
})

it('a draft loses a reason that is not open for its line', () => {
  keepDraft('ord_1', { items: { 1: { quantity: 1, reason: 'defective', photos: [] } }, comment: '' })
  const closed = line(1, 1)
  closed.returnable.reasons = ['remorse']
  expect(readDraft(order(closed, line(2, 1))).items[1]?.reason).toBe('')
})

describe('a refused request that is asked again', () => {
  const found = {
    kind: 'exchange',
    comment: 'too small',
    items: [
      { line: 1, quantity: 1, reason: { code: 'defective', text: '' }, photos: [photo] },
      { line: 1, quantity: 1, reason: { code: 'defective', text: '' }, photos: [] },
    ],
    exchange: { items: [{ line: 1, sku: 'S9', same: false }] },
  } as unknown as Case

  it('starts with what was asked before', () => {
    expect(readDraft(order(line(1, 3)), 'draft.ord_1.case_1', fromCase(found))).toEqual({
      kind: 'exchange',
      comment: 'too small',
      items: { 1: { quantity: 2, reason: 'defective', photos: [photo], sku: 'S9' } },
    })
  })

  it('keeps its own draft, apart from a new request for the order', () => {
    keepDraft(draftName('ord_1', 'case_1'), { items: {}, comment: 'again' })
    expect(readDraft(order(line(1, 1), line(2, 1))).comment).toBe('')
    expect(readDraft(order(line(1, 1)), draftName('ord_1', 'case_1'), fromCase(found)).comment).toBe('again')
  })
})

it('a draft has all reasons for goods that have not arrived', () => {
  keepDraft('ord_1', { items: { 1: { quantity: 1, reason: 'defective', photos: [] } }, comment: '' })
  const away = line(1, 0)
  away.returnable = { count: 0, priced: 3, reasons: [], blocked: [{ count: 3, code: 'not_delivered', text: '' }] }
  expect(readDraft(order(away)).items[1]?.reason).toBe('defective')
})
