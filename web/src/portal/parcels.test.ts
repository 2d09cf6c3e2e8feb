import { expect, it } from 'vitest'
import type { Parcel } from '@/api/types'
import { dayWord, nextDays, sent, unsent } from './parcels'

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
