import type { StaffCase } from '@/api/staff'
import type { Kind, Parcel, Party, Phase } from '@/api/types'

export const kinds: Kind[] = ['return_refund', 'refund_only', 'exchange', 'reship', 'price_protection', 'compensation']
export const parties: Party[] = ['seller', 'customer', 'carrier', 'platform']

/** When a kind makes sense at all; the server has the last word. */
export const phasesOf: Record<Kind, Phase[]> = {
  return_refund: ['in_transit', 'after_receipt'],
  refund_only: ['pre_ship', 'in_transit', 'after_receipt'],
  exchange: ['after_receipt'],
  reship: ['in_transit', 'after_receipt'],
  price_protection: ['pre_ship', 'in_transit', 'after_receipt'],
  compensation: ['pre_ship', 'in_transit', 'after_receipt'],
}

/** Whether goods come back before anything is paid or sent. */
export const comesBack = (found: Pick<StaffCase, 'kind'>): boolean =>
  found.kind === 'return_refund' || found.kind === 'exchange'

/** Whether goods go to the customer in the end. */
export const sends = (found: Pick<StaffCase, 'kind'>): boolean => found.kind === 'exchange' || found.kind === 'reship'

/** What the sum of a case is called: an exchange has a difference, the same again a value. */
export const sumLabel = (kind: Kind): 'ledger.balance' | 'ledger.value' | 'approve.amount' =>
  kind === 'exchange' ? 'ledger.balance' : kind === 'reship' ? 'ledger.value' : 'approve.amount'

/** What the sum of a case is called now: agreed, expected, or what was expected of a case that is over. */
export function totalLabel(found: Pick<StaffCase, 'kind' | 'money' | 'final'>) {
  if (sends(found)) return sumLabel(found.kind)
  if (found.money.reserved.minor > 0) return 'ledger.total'
  return found.final ? 'ledger.was_expected' : 'ledger.expected'
}

/** Whether a kind of request gives a reason for each article. */
export const reasoned = (kind: Kind): boolean => kind !== 'price_protection' && kind !== 'compensation'

/** Whether a kind of case has the way back in its sum. */
export const hasFreight = (kind: Kind): boolean => kind === 'return_refund' || kind === 'refund_only'

const unsent = new Set(['planned', 'label_issued', 'pickup_booked'])
const arrived = new Set(['received', 'cancelled', 'lost'])

/** Parcels to the shop that somebody can say are on their way. */
export const toHandOver = (found: StaffCase): Parcel[] =>
  (found.parcels ?? []).filter(
    (one) => one.direction === 'return' && (unsent.has(one.state) || one.state === 'handed_over'),
  )

/** Parcels to the shop that have not been counted yet. */
export const toReceive = (found: StaffCase): Parcel[] =>
  (found.parcels ?? []).filter(
    (one) => one.direction !== 'replacement' && one.direction !== 'back' && !arrived.has(one.state),
  )
