// How a parcel gets to the carrier, as the HTTP API says it.
import type { Direction, Instant, ParcelState } from './types'

export type Method = 'drop_off' | 'pick_up' | 'self_ship'
export interface Booking {
  id: string
  method: Method
  state: 'requested' | 'booked' | 'declined' | 'cancelling' | 'cancelled' | 'missed' | 'stuck'
  text: string
  carrier?: string
  place?: string
  from?: Instant
  to?: Instant
  reason?: string
  /** Another pick-up can be booked without telling where. */
  addressed: boolean
}
export interface ParcelDetail {
  id: string
  case: string
  direction: Direction
  seq: number
  carrier: string
  tracking: string
  state: ParcelState
  state_text: string
  method?: Method
  wish?: 'intercept_requested' | 'intercept_accepted' | 'intercept_refused' | 'intercepted'
  wish_text?: string
  label_url?: string
  booking?: Booking
  scans: { at: Instant; status: string; text: string; place?: string; note?: string }[]
  version: number
}
/** One booking of a day, as the warehouse reads it. */
export interface PickUp extends Booking {
  parcel: string
  tracking: string
  case: { id: string; number: string; state: string }
  parcel_state: ParcelState
  /** What is booked for the parcel instead. */
  now?: Booking
  sender: { name: string; lines: string[]; city?: string; postcode?: string; phone?: string }
}
/** A parcel that somebody wants, or wanted, to have stopped. */
export interface StoppedParcel extends ParcelDetail {
  about: { id: string; number: string; state: string }
  updated_at: Instant
}
export interface DropPoint {
  id: string
  name: string
  address: string
  city?: string
  hours?: string
  metres?: number
}
export interface Slot {
  id: string
  carrier?: string
  from: Instant
  to: Instant
  left: number
}
export interface PickUpAddress {
  name: string
  lines: string[]
  city?: string
  region?: string
  postcode?: string
  country?: string
  phone?: string
}
