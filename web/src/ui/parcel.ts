import type { ParcelState } from '@/api/types'
import type { Tone } from './Badge.vue'

/** The colour of a parcel's state: moving is info, arrived ok, something wrong bad. */
export const parcelTone: Record<ParcelState, Tone> = {
  planned: 'neutral',
  label_issued: 'neutral',
  pickup_booked: 'info',
  cancelled: 'neutral',
  handed_over: 'info',
  in_transit: 'info',
  refused: 'warn',
  intercepted: 'info',
  lost: 'bad',
  delivered: 'ok',
  returned: 'ok',
  received: 'ok',
}
