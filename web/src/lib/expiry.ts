import type { Instant } from '@/api/types'

/** The last day on which something can be used: it expires when that day is over, at the next midnight. */
export const lastDay = (expires: Instant): Instant => new Date(Date.parse(expires) - 1).toISOString()
