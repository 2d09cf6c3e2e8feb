import type { OrderOptions } from '@/api/staff'
import type { Basis, CaseRequest, Kind, Photo, WantedItem } from '@/api/types'
import { parseAmount } from '@/lib/amount'
import { kinds, reasoned } from '../case/kinds'

/** What staff fill in for a customer who called. */
export interface Asked {
  kind: Kind
  lines: Record<number, AskedLine>
  intercept: boolean
  credit: boolean
  basis: Basis
  amount: string
}
export interface AskedLine {
  quantity: number
  reason: string
  /** Of an exchange: the article wanted instead; empty: the same again. */
  sku: string
  /** Of price protection: the lower price of one unit, as written. */
  lower: string
}
type Line = OrderOptions['lines'][number]

export const freshLine = (): AskedLine => ({ quantity: 0, reason: '', sku: '', lower: '' })
export const fresh = (kind: Kind): Asked => ({
  kind,
  lines: {},
  intercept: false,
  credit: false,
  basis: 'goodwill',
  amount: '',
})

/** The kinds that are possible for at least one line. */
export const possible = (order: OrderOptions): Kind[] =>
  kinds.filter((kind) => order.lines.some((line) => room(line, kind) > 0))

/**
 * How many units of a line a request of this kind may name. Where the time for
 * a return is over it can still be asked: the rules say no before it is sent.
 */
export function room(line: Line, kind: Kind): number {
  if (!line.returnable.kinds.includes(kind)) return 0
  if (kind === 'compensation') return line.quantity
  if (kind === 'price_protection') return line.returnable.priced
  if (line.returnable.count > 0) return line.returnable.count
  const taken = line.returnable.blocked.filter((one) => one.code === 'units_taken')
  return Math.max(0, line.quantity - taken.reduce((sum, one) => sum + one.count, 0))
}

/** What is wanted by line, as the server takes it. */
export function itemsOf(asked: Asked, order: OrderOptions): WantedItem[] {
  return order.lines.flatMap((line) => {
    const one = asked.lines[line.no]
    if (!one?.quantity) return []
    const item: WantedItem = { line: line.no, quantity: one.quantity }
    if (reasoned(asked.kind)) item.reason = one.reason
    if (asked.kind === 'exchange' && one.sku && one.sku !== line.sku) item.sku = one.sku
    if (asked.kind === 'price_protection') item.lower = parseAmount(one.lower, order.currency) ?? -1
    return [item]
  })
}

/** The first thing that is missing: a key of our texts, or nothing. */
export function missing(
  asked: Asked,
  order: OrderOptions,
): 'open.need_item' | 'open.need_reason' | 'open.need_lower' | 'open.need_amount' | '' {
  const items = itemsOf(asked, order)
  if (!items.length) return 'open.need_item'
  if (reasoned(asked.kind) && items.some((one) => !one.reason)) return 'open.need_reason'
  if (asked.kind === 'price_protection' && items.some((one) => (one.lower ?? -1) < 0)) return 'open.need_lower'
  if (asked.kind === 'compensation' && !parseAmount(asked.amount, order.currency)) return 'open.need_amount'
  return ''
}

/** The request as it goes to the server: only what belongs to its kind. */
export function requestOf(asked: Asked, order: OrderOptions, photos: Photo[] = []): Omit<CaseRequest, 'photos'> {
  const ids = photos.map((one) => one.id)
  const items = itemsOf(asked, order).map((one) => (ids.length ? { ...one, photos: ids } : one))
  return {
    kind: asked.kind,
    order: order.id,
    items,
    ...(asked.kind === 'refund_only' && asked.intercept ? { intercept: true } : {}),
    ...(asked.kind === 'exchange' && asked.credit ? { credit: true } : {}),
    ...(asked.kind === 'compensation'
      ? { basis: asked.basis, amount: parseAmount(asked.amount, order.currency) ?? 0 }
      : {}),
  }
}
