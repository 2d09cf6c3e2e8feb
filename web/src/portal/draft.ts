import type { Basis, Case, Kind, Order, Photo } from '@/api/types'
import { keep, kept } from '@/lib/keep'
import { kinds, room, undelivered, wantable } from './kinds'

export interface DraftItem {
  quantity: number
  reason: string
  photos: Photo[]
  /** Of an exchange: the article wanted instead; missing: the same again. */
  sku?: string
  /** Of price protection: the lower price, as it is written. */
  lower?: string
}
/** What a customer has filled in for an order, by line number. */
export interface Draft {
  items: Record<number, DraftItem>
  comment: string
  /** What is asked for; missing until somebody chooses. */
  kind?: Kind
  intercept?: boolean
  credit?: boolean
  basis?: Basis
  /** Of a compensation, as it is written. */
  amount?: string
  /** Of the request as a whole. */
  photos?: Photo[]
}

/** Under which a draft is kept: a request for an order, or one that was refused and is asked again. */
export const draftName = (order: string, again?: string) => (again ? `draft.${order}.${again}` : `draft.${order}`)
const name = (key: string) => (key.startsWith('draft.') ? key : draftName(key))
const clamp = (value: unknown, most: number) => Math.min(most, Math.max(1, Number(value) || 1))

function parse(text: string): Partial<Draft> {
  try {
    const value: unknown = JSON.parse(text)
    return value && typeof value === 'object' ? value : {}
  } catch {
    return {}
  }
}
const word = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
const pictures = (value: unknown) =>
  Array.isArray(value) ? (value as Photo[]).filter((photo) => photo?.id && photo.url) : []

/** What was asked for before, to be asked again with changes. */
export function fromCase(found: Case): Draft {
  const items: Draft['items'] = {}
  for (const item of found.items) {
    const before = items[item.line]
    if (before) before.quantity += item.quantity
    else items[item.line] = { quantity: item.quantity, reason: item.reason.code, photos: [...item.photos] }
  }
  for (const one of found.exchange?.items ?? []) {
    const item = items[one.line]
    if (item && !one.same) item.sku = one.sku
  }
  return { items, comment: found.comment ?? '', kind: found.kind }
}

/**
 * The kept draft as far as it still fits: lines of which nothing is left are
 * left out, quantities and reasons that are gone are corrected. Without a
 * draft, `start` is taken, or the only line that can be asked about is chosen.
 */
export function readDraft(order: Order, key = order.id, start?: Draft): Draft {
  const text = kept(name(key))
  const old: Partial<Draft> = text ? parse(text) : (start ?? {})
  const items: Draft['items'] = {}
  for (const line of order.lines) {
    const item = old.items?.[line.no]
    if (!item) continue
    const most = wantable(line) || (old.kind ? room(line, old.kind) : 0)
    if (!most) continue
    const known = order.reasons.some((one) => one.code === item.reason)
    const allowed = undelivered(line) > 0 || (line.returnable.reasons?.includes(item.reason) ?? true)
    const made: DraftItem = {
      quantity: clamp(item.quantity, most),
      reason: known && allowed ? item.reason : '',
      photos: pictures(item.photos),
    }
    const [sku, lower] = [word(item.sku), word(item.lower)]
    items[line.no] = { ...made, ...(sku && { sku }), ...(lower && { lower }) }
  }
  const open = order.lines.filter((line) => wantable(line) > 0)
  if (!text && !start && open.length === 1) items[open[0]!.no] = { quantity: 1, reason: '', photos: [] }

  const made: Draft = { items, comment: typeof old.comment === 'string' ? old.comment : '' }
  if (old.kind && kinds.includes(old.kind)) made.kind = old.kind
  if (typeof old.intercept === 'boolean') made.intercept = old.intercept
  if (old.credit === true) made.credit = true
  if (word(old.basis)) made.basis = old.basis
  if (word(old.amount)) made.amount = old.amount
  const photos = pictures(old.photos)
  if (photos.length) made.photos = photos
  return made
}

export function keepDraft(key: string, draft: Draft): void {
  keep(name(key), JSON.stringify(draft))
  dispatchEvent(new Event('aftercare:queued'))
}

export function dropDraft(key: string): void {
  keep(name(key), '')
}
