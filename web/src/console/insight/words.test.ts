import { expect, it } from 'vitest'
import { daysAgo, periodEnd, roundUp } from './words'

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

it.each([
  ['2026-03-01', 'day', '2026-03-01'],
  ['2026-02-23', 'week', '2026-03-01'],
  ['2028-02-01', 'month', '2028-02-29'],
  ['2026-12-01', 'month', '2026-12-31'],
] as const)('a period that begins on %s by the %s ends on %s', (start, grain, end) =>
  expect(periodEnd(start, grain)).toBe(end))
