import type { Instant } from './types'

/** On what a blocked action waits. */
export interface Blocking {
  track: string
  waits_for: 'customer' | 'seller' | 'warehouse' | 'carrier' | 'system'
  since: Instant
  until: Instant
  next: string[]
}

/** Where something is delivered, masked. */
export interface Whereto {
  name: string
  lines: string[]
  city?: string
  region?: string
  postcode?: string
  country?: string
  phone?: string
}
/** Where a replacement goes; from "order": as at the purchase, not confirmed for this case. */
export interface Delivery {
  to?: Whereto
  from: 'customer' | 'staff' | 'key' | 'order' | 'nobody'
  at?: string
  changeable: boolean
}
