import type { Kind, Quote } from '@/api/types'
import type { Choices } from './choices'
import { dueOf, sendsBack } from './kinds'

const hour = 3_600_000
/** Of two that are promised for the same time, money is there sooner than a parcel, and a parcel from us sooner than two. */
const order: Kind[] = ['refund_only', 'reship', 'return_refund', 'exchange']

/** Within how many hours it is promised at the latest; undefined where nothing is promised yet. */
function promised(kind: Kind, quote: Quote, now: number): number | undefined {
  const { outcome, answer_by } = quote.decision
  const worth = kind === 'reship' || kind === 'exchange' || quote.total.minor > 0 || dueOf(quote)
  if (!worth || (outcome !== 'approve' && (outcome !== 'review' || !answer_by))) return undefined
  const answer = outcome === 'review' ? Math.max(0, Date.parse(answer_by!) - now) / hour : 0
  return answer + (sendsBack(kind) ? quote.return_by_days * 24 : 0)
}

/** The kind of request that is over first, where there are several to choose from. */
export function fastest(choices: Choices, now = Date.now()): Kind | undefined {
  const known = order.flatMap((kind) => {
    const { quote, offered } = choices[kind] ?? {}
    const hours = quote && offered ? promised(kind, quote, now) : undefined
    return hours === undefined ? [] : [{ kind, hours }]
  })
  if (known.length < 2) return undefined
  // Answers that were asked for one after the other differ by seconds.
  return known.reduce((best, one) => (one.hours < best.hours - 0.1 ? one : best)).kind
}
