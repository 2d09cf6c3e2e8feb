import type { Place } from './nav'

/** The page above: where the arrow at the top goes, whatever was visited before. */
export function parentOf({ name, params, query }: Place): string | undefined {
  if (name === 'return' && query.case) return `/cases/${query.case}`
  if (name === 'return') return `/orders/${params.orderId}`
  return /^(order|case|wallet)$/.test(name) ? '/orders' : undefined
}
