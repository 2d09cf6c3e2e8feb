import { describe, expect, it } from 'vitest'
import type { StaffCase, StaffItem } from '@/api/staff'
import { asReceived, awaited, oddity, told } from './receive'

const item = (changes: Partial<StaffItem>): StaffItem => ({
  line: 1,
  title: 'Kettle',
  sku: 'K15',
  quantity: 3,
  first_unit: 1,
  reason: { code: 'defective', text: 'Defective' },
  photos: [],
  state: 'requested',
  grades: [],
  ...changes,
})
const found = (...items: StaffItem[]) => ({ items }) as unknown as StaffCase

describe('what a parcel may still bring', () => {
  it('is all of a line before anything came, and the rest after the first parcel', () => {
    expect(awaited(found(item({})))[0]).toMatchObject({ before: 0, left: 3 })
    expect(awaited(found(item({ received: 2 })))[0]).toMatchObject({ announced: 3, before: 2, left: 1 })
  })

  it('adds up the runs of a line', () => {
    const [line] = awaited(found(item({ received: 3 }), item({ first_unit: 4, quantity: 2, received: 1 })))
    expect(line).toMatchObject({ announced: 5, before: 4, left: 1 })
  })
})

describe('something unexpected', () => {
  it('needs a word that tells what it is', () => {
    const one = oddity(1)
    expect(told(one)).toBe(false)
    expect(told({ ...one, note: 'a stone' })).toBe(true)
    expect(told({ ...one, sku: 'X', quantity: 0 })).toBe(false)
  })

  it('goes beside the counts: extra goods belong to no line, others to the one they stand for', () => {
    const lots = awaited(found(item({})))
    const extra = { ...oddity(1), finding: 'extra' as const, title: ' Cable ' }
    const swapped = { ...oddity(1), finding: 'swapped' as const, sku: 'K14', photos: [{ id: 'pho_1', url: '/x' }] }
    expect(asReceived({ 1: 2 }, lots, [extra, swapped])).toEqual([
      { line: 1, quantity: 2 },
      { line: 0, quantity: 1, finding: 'extra', title: 'Cable' },
      { line: 1, quantity: 1, finding: 'swapped', sku: 'K14', photos: ['pho_1'] },
    ])
  })
})
