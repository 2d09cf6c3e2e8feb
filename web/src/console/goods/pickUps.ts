import type { PickUp } from '@/api/types'
import type { Key } from '@/i18n'
import type { Tone } from '@/ui/Badge.vue'

export type PickUpAct = 'move' | 'cancel' | 'fetched' | 'missed'

const waiting = new Set<PickUp['parcel_state']>(['planned', 'label_issued', 'pickup_booked', 'cancelled'])
const tones: Record<PickUp['state'], Tone> = {
  requested: 'warn',
  booked: 'ok',
  declined: 'bad',
  cancelling: 'warn',
  cancelled: 'neutral',
  missed: 'bad',
  stuck: 'bad',
}

/** How a pick-up stands: what was agreed, and once its time is over what became of it. */
export function standing(one: PickUp, now: Date): { tone: Tone; key: Key } {
  if (one.state === 'booked' && !waiting.has(one.parcel_state)) return { tone: 'ok', key: 'pickups.fetched' }
  if (one.state === 'booked' && one.to && Date.parse(one.to) < now.getTime()) return { tone: 'warn', key: 'pickups.late' }
  return { tone: tones[one.state], key: `pickups.state.${one.state}` }
}

/** What can be done with it now. What became of it is known once its time has begun. */
export function possible(one: PickUp, now: Date): PickUpAct[] {
  if (!['booked', 'requested'].includes(one.state) || !waiting.has(one.parcel_state)) return []
  const begun = one.state === 'booked' && !!one.from && Date.parse(one.from) <= now.getTime()
  return begun ? ['fetched', 'missed', 'move', 'cancel'] : ['move', 'cancel']
}
