import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { eventTypes } from './texts'

/** The members of families that the list of events names by what varies. */
const families: Record<string, string[]> = {
  'case.DECISION': ['approved', 'rejected', 'asked', 'review_needed'],
  'case.OFFER': ['offer_accepted', 'offer_declined', 'offer_expired'],
  'case.STEP': [], // those of the history of a case, below
  'parcel.STATE': ['handed_over', 'in_transit', 'refused', 'intercepted', 'lost', 'delivered', 'returned', 'received', 'cancelled'],
  'parcel.WISH': ['intercept_requested', 'intercept_accepted', 'intercept_refused'],
  'parcel.booking_STATE': ['requested', 'booked', 'declined', 'cancelling', 'cancelled', 'missed', 'stuck'].map((one) => `booking_${one}`),
  'wallet.ENTRY': ['refunded', 'adjusted', 'spent', 'expired'],
}

it('has words for every event that there is', () => {
  const listed = [...readFileSync('../docs/events.md', 'utf8').matchAll(/^\| `([\w.]+)` \|/gm)].map((one) => one[1]!)
  const all = listed.flatMap((type) => families[type]?.map((one) => `${type.split('.')[0]}.${one}`) ?? [type])
  expect(all.length).toBeGreaterThan(100)
  expect(all.filter((type) => !eventTypes.includes(type))).toEqual([])
  expect(listed.filter((type) => /[A-Z]/.test(type) && !families[type])).toEqual([])
})

it('has words for every step that the history of a case tells', () => {
  const told = Object.keys(JSON.parse(readFileSync('../base/locale/text/en.json', 'utf8')) as object)
  const steps = told.flatMap((key) => (key.startsWith('event.') && !/_(rule|timer|agreement|well)$/.test(key) ? [key.slice(6)] : []))
  expect(steps.filter((type) => !eventTypes.includes(type))).toEqual([])
})
