import type { FindingKind, ReceivedInput, StaffCase } from '@/api/staff'
import type { Photo } from '@/api/types'
import { lotsOf, type Lot } from './grade'

/** Something in the parcel that was not announced, or is not what was. */
export interface Oddity {
  key: number
  finding: FindingKind
  line: number
  sku: string
  title: string
  quantity: number
  note: string
  photos: Photo[]
}
/** A line with what earlier parcels of the case had in them. */
export interface Awaited extends Lot {
  before: number
  left: number
}

/** What is still to come of each line; the counts of all parcels add up. */
export function awaited(found: StaffCase): Awaited[] {
  const before = new Map<number, number>()
  for (const item of found.items) before.set(item.line, (before.get(item.line) ?? 0) + (item.received ?? 0))
  return lotsOf(found).map((lot) => {
    const had = before.get(lot.line) ?? 0
    return { ...lot, before: had, left: Math.max(0, lot.announced - had) }
  })
}

let last = 0
export const oddity = (line: number): Oddity => ({
  key: ++last,
  finding: line > 0 ? 'wrong_item' : 'extra',
  line,
  sku: '',
  title: '',
  quantity: 1,
  note: '',
  photos: [],
})

/** Whether an oddity says enough for somebody else to act on it. */
export const told = (one: Oddity): boolean =>
  one.quantity > 0 && !!(one.title.trim() || one.sku.trim() || one.note.trim())

const filled = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])))

/** What goes to the server: the counts, and the oddities beside them. */
export function asReceived(counts: Record<number, number>, lots: Awaited[], odd: Oddity[]): ReceivedInput[] {
  return [
    ...lots.map((lot) => ({ line: lot.line, quantity: counts[lot.line] ?? 0 })),
    ...odd.map((one) => ({
      line: one.finding === 'extra' ? 0 : one.line,
      quantity: one.quantity,
      finding: one.finding,
      ...filled({ sku: one.sku, title: one.title, note: one.note }),
      ...(one.photos.length ? { photos: one.photos.map((photo) => photo.id) } : {}),
    })),
  ]
}
