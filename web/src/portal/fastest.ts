import type { Kind, Quote } from '@/api/types'
import type { Choices } from './choices'
import { sendsBack } from './kinds'

const hour = 3_600_000
/** What is promised to the end: when a parcel from the shop arrives is not, and so it is not compared. The first is named of two that are as fast. */
const order: Kind[] = ['refund_only', 'return_refund']

/** Within how many hours it is promised at the latest; Infinity where no day is said for the answer, undefined where nothing is promised. */
function promised(kind: Kind, quote: Quote, now: number): number | undefined {
  const { outcome, answer_by } = quote.decision
  if (quote.total.minor <= 0 || (outcome !== 'approve' && outcome !== 'review')) return undefined
  const open = answer_by ? Math.max(0, Date.parse(answer_by) - now) / hour : Infinity
  const answer = outcome === 'review' ? open : 0
  return answer + (sendsBack(kind) ? quote.return_by_days * 24 : 0)
}

/** The kind of request that brings the money first, where there are several to choose from. */
export function fastest(choices: Choices, now = Date.now()): Kind | undefined {
  const known = order.flatMap((kind) => {
    const { quote, offered } = choices[kind] ?? {}
    const hours = quote && offered ? promised(kind, quote, now) : undefined
    return hours === undefined ? [] : [{ kind, hours }]
  })
  if (known.length < 2) return undefined
  // Answers that were asked for one after the other differ by seconds.
  const first = known.reduce((best, one) => (one.hours < best.hours - 0.1 ? one : best))
  // An answer without a day may come sooner than a parcel, or later.
  return known.indexOf(first) > 0 && known[0]!.hours === Infinity ? undefined : first.kind
}
