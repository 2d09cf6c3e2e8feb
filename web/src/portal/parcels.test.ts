import { expect, it } from 'vitest'
import type { Parcel } from '@/api/types'
import { dayWord, hours, nextDays, sent, span, unsent } from './parcels'

const parcel = (direction: string, state: string) => ({ direction, state }) as Parcel

it('tells what the customer still has from what is under way, and neither of what others send', () => {
  expect([unsent(parcel('return', 'label_issued')), unsent(parcel('return', 'pickup_booked'))]).toEqual([true, true])
  expect([unsent(parcel('return', 'in_transit')), sent(parcel('return', 'in_transit'))]).toEqual([false, true])
  expect([unsent(parcel('replacement', 'planned')), sent(parcel('original', 'in_transit'))]).toEqual([false, false])
})

it('counts days where the shop is', () => {
  const late = new Date('2026-03-31T20:00:00Z')
  expect(nextDays(2, 'Asia/Shanghai', late)).toEqual(['2026-04-01', '2026-04-02'])
  expect(nextDays(2, 'UTC', late)).toEqual(['2026-03-31', '2026-04-01'])
  expect(dayWord('2026-04-01', 'en')).toBe('Wed, Apr 1')
})

it('names each day once where the clocks change, and at the end of a year', () => {
  const spring = new Date('2026-03-28T22:30:00Z') // half past eleven in Berlin; the next day has 23 hours
  expect(nextDays(3, 'Europe/Berlin', spring)).toEqual(['2026-03-28', '2026-03-29', '2026-03-30'])
  const autumn = new Date('2026-10-24T22:30:00Z') // half past midnight; this day has 25
  expect(nextDays(3, 'Europe/Berlin', autumn)).toEqual(['2026-10-25', '2026-10-26', '2026-10-27'])
  expect(nextDays(2, 'Asia/Shanghai', new Date('2026-12-31T15:59:59Z'))).toEqual(['2026-12-31', '2027-01-01'])
})

it('tells the clock of a pick-up alone beside its day, unless it ends on another', () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const at = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString()
  expect(hours(at(2, 9), at(2, 11), 'en', zone)).toBe('09:00 – 11:00')
  expect(hours(at(2, 9), at(2, 11), 'en', 'Pacific/Kiritimati')).toContain('GMT+14')
  expect(hours(at(2, 22), at(3, 1), 'en', zone)).toBe(span(at(2, 22), at(3, 1), 'en', zone))
  expect(span(at(2, 9), at(2, 11), 'en', zone)).toContain('Mar 2')
})
