import { otherZone } from '@/lib/format'
import type { Parcel, ParcelState } from '@/api/types'

const before = new Set<ParcelState>(['planned', 'label_issued', 'pickup_booked'])
const moving = new Set<ParcelState>(['handed_over', 'in_transit'])

/** The customer still has it. */
export const unsent = (parcel: Parcel): boolean => parcel.direction === 'return' && before.has(parcel.state)
/** The customer gave it away; the number can still be put right. */
export const sent = (parcel: Parcel): boolean => parcel.direction === 'return' && moving.has(parcel.state)

/** The next days as the shop counts them, today first: "2026-03-01". */
export function nextDays(count: number, zone: string, now = new Date()): string[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...(zone && { timeZone: zone }),
  })
  // Not by hours: some days have 23 of them, some 25.
  const [year, month, day] = format.format(now).split('-').map(Number)
  return Array.from({ length: count }, (_, ahead) => new Date(Date.UTC(year!, month! - 1, day! + ahead)).toISOString().slice(0, 10))
}

/** A day of the shop as it is said: "Mon, 2 March". */
export const dayWord = (day: string, lang: string): string =>
  new Intl.DateTimeFormat(lang, { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  )

/** The clock alone, where the day is told above; what ends on another day tells both. */
export function hours(from: string, to: string, lang: string, zone = ''): string {
  const day = new Intl.DateTimeFormat('en-CA', zone ? { timeZone: zone } : {})
  const apart = day.format(new Date(from)) !== day.format(new Date(to))
  return apart ? span(from, to, lang, zone) : told(from, to, lang, zone)
}

/** From when until when, on the shop's clock, as its days are; the zone is told to those whose own clock differs. */
export const span = (from: string, to: string, lang: string, zone = ''): string =>
  told(from, to, lang, zone, { month: 'short', day: 'numeric' })

function told(from: string, to: string, lang: string, zone: string, date?: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(lang, {
    ...date,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone && { timeZone: zone }),
    ...(otherZone(from, zone, lang) && { timeZoneName: 'short' }),
  }).formatRange(new Date(from), new Date(to))
}
