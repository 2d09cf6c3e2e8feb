import type { Order, Photo, Returnable } from '@/api/types'
import { keep, kept } from '@/lib/keep'

export interface DraftItem {
  quantity: number
  reason: string
  photos: Photo[]
}
/** What a customer has filled in for an order, by line number. */
export interface Draft {
  items: Record<number, DraftItem>
  comment: string
}

const name = (order: string) => `draft.${order}`
const clamp = (value: unknown, returnable: Returnable) => Math.min(returnable.count, Math.max(1, Number(value) || 1))

function parse(text: string): Partial<Draft> {
  try {
    const value: unknown = JSON.parse(text)
    return value && typeof value === 'object' ? value : {}
  } catch {
    return {}
  }
}

/**
 * The kept draft as far as it still fits: lines that can no longer go back are
 * left out, quantities and reasons that are gone are corrected. Without a
 * draft, the only line that can go back is chosen.
 */
export function readDraft(order: Order): Draft {
  const text = kept(name(order.id))
  const old = parse(text)
  const open = order.lines.filter((line) => line.returnable.count > 0)
  const items: Draft['items'] = {}
  for (const line of open) {
    const item = old.items?.[line.no]
    if (!item) continue
    const known = order.reasons.some((one) => one.code === item.reason)
    const allowed = line.returnable.reasons?.includes(item.reason) ?? true
    const reason = known && allowed ? item.reason : ''
    const photos = Array.isArray(item.photos) ? item.photos.filter((photo) => photo?.id && photo.url) : []
    items[line.no] = { quantity: clamp(item.quantity, line.returnable), reason, photos }
  }
  if (!text && open.length === 1) items[open[0]!.no] = { quantity: 1, reason: '', photos: [] }
  return { items, comment: typeof old.comment === 'string' ? old.comment : '' }
}

export function keepDraft(order: string, draft: Draft): void {
  keep(name(order), JSON.stringify(draft))
}

export function dropDraft(order: string): void {
  keep(name(order), '')
}
