import { h, shallowRef, type Component, type SetupContext } from 'vue'
import type { Case } from '@/api/types'
import { readBeside } from './beside'
import { unsent } from './parcels'
import { withRights } from './rights'
import { actionOf } from './status'

// Parts of a case that few cases have come when they are needed. They are there
// before the case is shown, so that nothing moves when they arrive.

/** A component that is read once, and drawn at once from then on. */
function early<C extends Component>(load: () => Promise<{ default: C }>) {
  const made = shallowRef<C>()
  const read = async () => {
    const texts = import('./laterTexts').then(({ readTexts }) => readTexts())
    made.value ??= (await Promise.all([load(), texts]))[0].default
  }
  const view = (_: unknown, { attrs, slots }: SetupContext) =>
    made.value ? h(made.value as Component, attrs, slots) : null
  view.inheritAttrs = false
  return { read, view: view as unknown as C }
}

const offer = early(() => import('./parts/CaseOffer.vue'))
const again = early(() => import('./parts/CaseAgain.vue'))
const propose = early(() => import('./parts/OfferForm.vue'))
const exchange = early(() => import('./parts/CaseExchange.vue'))
const advance = early(() => import('./parts/CaseAdvance.vue'))
const findings = early(() => import('./parts/CaseFindings.vue'))
const rating = early(() => import('./parts/CaseRating.vue'))
const parcels = early(() => import('./parts/CaseParcels.vue'))
const grades = early(() => import('./parts/CaseGrades.vue'))
const photos = early(() => import('./parts/PhotoStrip.vue'))
const method = early(() => import('./parts/ParcelMethod.vue'))
const handOver = early(() => import('./parts/HandOver.vue'))
const needs = early(withRights(() => import('./parts/CaseNeeds.vue')))
const grounds = early(withRights(() => import('./parts/CaseGrounds.vue')))
export const CaseNeeds = needs.view
export const CaseGrounds = grounds.view
export const CaseOffer = offer.view
export const CaseAgain = again.view
export const OfferForm = propose.view
export const CaseExchange = exchange.view
export const CaseAdvance = advance.view
export const CaseFindings = findings.view
export const CaseRating = rating.view
export const CaseParcels = parcels.view
export const CaseGrades = grades.view
export const PhotoStrip = photos.view
export const ParcelMethod = method.view
export const HandOver = handOver.view

/** The conversation comes together with its texts. */
export { withTexts as withTalk } from './rights'

/** Something is sent or can be: no part of what is paid without goods moving. */
export const sends = (found: Case): boolean => !!found.parcels.length || !!actionOf(found, 'add_parcel')?.allowed

/** It is over, and there is something to be satisfied with or not. */
export const over = (found: Case): boolean => found.final && found.closed_as !== 'withdrawn'

const shows = ({ items, decision }: Case) => decision?.photos?.length || items.some((item) => item.photos.length)

/** The case, once everything that shows it is there. */
export async function withParts(found: Case, signal?: AbortSignal): Promise<Case> {
  const may = (action: string) => actionOf(found, action)?.allowed
  const wanted = [
    found.offers?.length && offer,
    found.state === 'rejected' && again,
    found.state === 'rejected' && grounds,
    over(found) && rating,
    may('answer') && needs,
    may('offer') && propose,
    found.exchange && exchange,
    found.advance && advance,
    found.findings?.length && findings,
    sends(found) && parcels,
    found.items.some((item) => item.grades.length) && grades,
    shows(found) && photos,
    may('hand_over') && handOver,
    may('hand_over') && found.parcels.some(unsent) && method,
  ]
  await Promise.all([readBeside(found, signal), ...wanted.map((part) => part && part.read())])
  return found
}
