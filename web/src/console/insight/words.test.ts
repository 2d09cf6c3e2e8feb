import { expect, it } from 'vitest'
import { daysAgo, roundUp } from './words'

it('counts days back in the zone of the shop', () => {
  const now = new Date('2026-03-01T17:00:00Z') // the second of March in Shanghai
  expect(daysAgo(0, 'Asia/Shanghai', now)).toBe('2026-03-02')
  expect(daysAgo(2, 'Asia/Shanghai', now)).toBe('2026-02-28')
  expect(daysAgo(0, 'America/New_York', now)).toBe('2026-03-01')
})

it.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [23, 25],
  [51, 100],
  [2300, 2500],
])('draws an axis for %i up to %i', (most, top) => expect(roundUp(most)).toBe(top))
