import { expect, it } from 'vitest'
import type { PickUp } from '@/api/types'
import { possible, standing } from './pickUps'

const one = (state: PickUp['state'], parcel_state: PickUp['parcel_state']) =>
  ({ state, parcel_state, from: '2026-03-01T09:00:00Z', to: '2026-03-01T11:00:00Z' }) as PickUp
const at = (clock: string) => new Date(`2026-03-01T${clock}:00Z`)

it('tells what became of a pick-up once its time has begun', () => {
  const booked = one('booked', 'pickup_booked')
  expect(possible(booked, at('08:59'))).toEqual(['move', 'cancel'])
  expect(possible(booked, at('09:00'))).toEqual(['fetched', 'missed', 'move', 'cancel'])
  expect(possible(one('requested', 'label_issued'), at('10:00'))).toEqual(['move', 'cancel'])
  expect(standing(booked, at('10:00')).key).toBe('pickups.state.booked')
  expect(standing(booked, at('11:01')).key).toBe('pickups.late')
})

it('has nothing left to do with one that is over', () => {
  for (const state of ['handed_over', 'in_transit', 'received', 'lost'] as const) {
    expect(possible(one('booked', state), at('10:00'))).toEqual([])
    expect(standing(one('booked', state), at('12:00')).key).toBe('pickups.fetched')
  }
  for (const state of ['cancelled', 'cancelling', 'missed', 'declined', 'stuck'] as const) {
    expect(possible(one(state, 'label_issued'), at('10:00'))).toEqual([])
    expect(standing(one(state, 'label_issued'), at('12:00')).key).toBe(`pickups.state.${state}`)
  }
})
