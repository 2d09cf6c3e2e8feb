import type { Key } from '@/i18n'
import type { CaseRequest, Kind, OrderLine, Quote, QuotedMoney, QuoteRequest, WantedItem } from '@/api/types'

/** All kinds in the order they are shown. */
export const kinds: Kind[] = ['return_refund', 'refund_only', 'exchange', 'reship', 'price_protection', 'compensation']

/** Price protection and compensation say all there is to say; the others need a reason for each item. */
export const needsReason = (kind: Kind) => kind !== 'price_protection' && kind !== 'compensation'
/** The customer packs something and sends it. */
export const sendsBack = (kind: Kind) => kind === 'return_refund' || kind === 'exchange'

const blocked = (line: OrderLine, ...codes: string[]) =>
  line.returnable.blocked.reduce((sum, part) => sum + (codes.includes(part.code) ? part.count : 0), 0)

/** Goods of a line that have not arrived: nothing goes back, but the money may. */
export const undelivered = (line: OrderLine): number => blocked(line, 'not_delivered')

/** How many pieces of a line can be asked about for the goods themselves. */
export const wantable = (line: OrderLine): number => line.returnable.count + undelivered(line)

/**
 * How many pieces a request of a kind may name. A lower price and a compensation hold no goods: these may be in another
 * request, or sent back already.
 */
export const room = (line: OrderLine, kind: Kind): number => {
  if (needsReason(kind)) return wantable(line)
  return kind === 'price_protection' ? line.returnable.priced : line.quantity
}

/** The first line that a request for money alone can name. */
export const anyLine = (lines: OrderLine[]): OrderLine | undefined =>
  lines.find((line) => room(line, 'compensation') > 0)

/** What an exchange costs more than what comes back for it. */
export function dueOf(quote: Pick<QuotedMoney, 'components'>): Quote['total'] | undefined {
  const part = quote.components.find((one) => one.code === 'exchange_due')
  return part && part.amount.minor > 0 ? part.amount : undefined
}

/** A request without what only the other kinds say. */
export function only<T extends QuoteRequest | CaseRequest>(request: T): T {
  const { kind = 'return_refund' } = request
  const items = request.items.map(({ reason, sku, lower, ...item }): WantedItem => {
    if (needsReason(kind) && reason) Object.assign(item, { reason })
    if (kind === 'exchange' && sku) Object.assign(item, { sku })
    if (kind === 'price_protection' && lower !== undefined) Object.assign(item, { lower })
    return item
  })
  const { intercept, credit, basis, amount, ...rest } = request
  const made = { ...rest, kind, items } as T
  if (kind === 'refund_only' && intercept) made.intercept = true
  if (kind === 'exchange' && credit) made.credit = true
  if (kind === 'compensation') Object.assign(made, { basis, amount })
  return made
}

/** What the money of a kind is called. */
export const moneyTitle = (kind: Kind): Key =>
  kind === 'exchange' || kind === 'reship'
    ? 'money.title.goods'
    : needsReason(kind)
      ? 'apply.money'
      : 'money.title.extra'

/** What the total of a kind is called. */
export const totalName = (kind: Kind): Key =>
  kind === 'exchange' || kind === 'reship' ? 'money.difference' : 'money.total'
