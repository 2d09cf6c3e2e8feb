import { describe, expect, it } from 'vitest'
import type { StaffCase, StaffItem } from '@/api/staff'
import { asBody, complete, firstFindings, join, lossTrouble, lotsOf, split, ungraded, type Finding } from './grade'

const item = (changes: Partial<StaffItem>): StaffItem => ({
  line: 1,
  title: 'Kettle',
  sku: 'K15',
  quantity: 3,
  first_unit: 1,
  reason: { code: 'defective', text: 'Defective' },
  photos: [],
  state: 'received',
  grades: [],
  ...changes,
})
const lots = (...items: StaffItem[]) => lotsOf({ items } as unknown as StaffCase)
const graded = (all: Finding[]) => all.map((one) => ({ ...one, grade: 'A' as const }))

describe('the lots of a parcel', () => {
  it('join the runs of a line, with all its reasons', () => {
    const [lot] = lots(item({ quantity: 2 }), item({ quantity: 1, first_unit: 3, reason: { code: 'x', text: 'Late' } }))
    expect(lot).toMatchObject({ announced: 3, received: 3, reasons: ['Defective', 'Late'] })
  })

  it('count a missing run as not received, and believe the server where it says how many came', () => {
    expect(lots(item({}), item({ first_unit: 4, state: 'missing' }))[0]).toMatchObject({ announced: 6, received: 3 })
    expect(lots(item({ received: 2 }), item({ first_unit: 4, received: 0 }))[0]).toMatchObject({
      announced: 6,
      received: 2,
    })
  })
})

describe('findings', () => {
  it('start with one for each line that arrived', () => {
    const found = firstFindings(lots(item({}), item({ line: 2, state: 'missing' })))
    expect(found.map((one) => [one.line, one.count])).toEqual([[1, 3]])
  })

  it('are split one unit at a time and joined again without losing a unit', () => {
    const [lot] = lots(item({}))
    let found = split(firstFindings([lot!]), 1)
    expect(found.map((one) => one.count)).toEqual([2, 1])
    found = split(found, 1)
    expect(found.map((one) => one.count)).toEqual([1, 1, 1])
    expect(split(found, 1)).toBe(found)
    expect(ungraded(lot!, found)).toBe(0)
    found = join(found, found[2]!.key)
    expect(found.map((one) => one.count)).toEqual([2, 1])
    expect(ungraded(lot!, found)).toBe(0)
  })

  it('are complete only when every received unit has exactly one grade', () => {
    const all = lots(item({}))
    const found = firstFindings(all)
    expect(complete(all, found)).toBe(false)
    expect(complete(all, graded(found))).toBe(true)
    expect(complete(all, graded(found.map((one) => ({ ...one, count: 2 }))))).toBe(false)
    expect(complete(all, graded(found.map((one) => ({ ...one, count: 4 }))))).toBe(false)
  })

  it('go to the server with the ids of their photos and without empty notes', () => {
    const found = graded(firstFindings(lots(item({ quantity: 1 }))))
    found[0]!.photos = [{ id: 'pho_1', url: '/x' }]
    expect(asBody(found)).toEqual([{ line: 1, count: 1, grade: 'A', disposition: 'restock', photos: ['pho_1'] }])
  })
})

describe('a loss', () => {
  const one = (more: Partial<Finding>): Finding => ({
    key: 1,
    line: 1,
    count: 1,
    grade: 'C',
    disposition: 'liquidate',
    reasons: [],
    note: 'worn',
    photos: [],
    loss: '30',
    basis: 'contract',
    ...more,
  })
  it('needs an amount, a basis and what shows it', () => {
    expect(lossTrouble(one({}), 'CNY')).toBe('')
    expect(lossTrouble(one({ loss: 'much' }), 'CNY')).toBe('amount')
    expect(lossTrouble(one({ basis: '' }), 'CNY')).toBe('basis')
    expect(lossTrouble(one({ note: ' ' }), 'CNY')).toBe('note')
    expect(lossTrouble(one({ loss: '' }), 'CNY')).toBe('')
  })
  it('is sent in minor units, and not of what is as new or goes back', () => {
    expect(asBody([one({})], 'CNY')[0]).toMatchObject({ loss: 3000, basis: 'contract' })
    expect(asBody([one({})], 'JPY')[0]).toMatchObject({ loss: 30 })
    expect(asBody([one({ grade: 'A' })], 'CNY')[0]).not.toHaveProperty('loss')
    expect(asBody([one({ disposition: 'return_to_customer' })], 'CNY')[0]).not.toHaveProperty('loss')
    expect(asBody([one({})])[0]).not.toHaveProperty('loss')
  })
})
