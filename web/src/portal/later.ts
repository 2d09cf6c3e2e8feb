import { defineAsyncComponent } from 'vue'
import type { Case } from '@/api/types'
import { unsent } from './parcels'
import { actionOf } from './status'

// Parts of a case that few cases have come when they are needed. They are there
// before the case is shown, so that nothing moves when they arrive.
const parts = {
  offer: () => import('./parts/CaseOffer.vue'),
  again: () => import('./parts/CaseAgain.vue'),
  propose: () => import('./parts/OfferForm.vue'),
  exchange: () => import('./parts/CaseExchange.vue'),
  advance: () => import('./parts/CaseAdvance.vue'),
  findings: () => import('./parts/CaseFindings.vue'),
  method: () => import('./parts/ParcelMethod.vue'),
  handOver: () => import('./parts/HandOver.vue'),
}
export const CaseOffer = defineAsyncComponent(parts.offer)
export const CaseAgain = defineAsyncComponent(parts.again)
export const OfferForm = defineAsyncComponent(parts.propose)
export const CaseExchange = defineAsyncComponent(parts.exchange)
export const CaseAdvance = defineAsyncComponent(parts.advance)
export const CaseFindings = defineAsyncComponent(parts.findings)
export const ParcelMethod = defineAsyncComponent(parts.method)
export const HandOver = defineAsyncComponent(parts.handOver)

/** The case, once everything that shows it is there. */
export async function withParts(found: Case): Promise<Case> {
  const may = (action: string) => actionOf(found, action)?.allowed
  const wanted = [
    found.offers?.length && parts.offer,
    found.state === 'rejected' && parts.again,
    may('offer') && parts.propose,
    found.exchange && parts.exchange,
    found.advance && parts.advance,
    found.findings?.length && parts.findings,
    may('hand_over') && parts.handOver,
    may('hand_over') && found.parcels.some(unsent) && parts.method,
  ]
  await Promise.all(wanted.map((load) => load && load()))
  return found
}
