import { expect, it } from 'vitest'
import { useLanguage } from '@/i18n'
import { daysAgo, lengthAxis, periodEnd, roundUp, spanDays } from './words'

it('counts days back in the zone of the shop', () => {
  const now = new Date('2026-03-01T17:00:00Z') // the second of March in Shanghai
  expect(daysAgo(0, 'Asia/Shanghai', now)).toBe('2026-03-02')
  expect(daysAgo(2, 'Asia/Shanghai', now)).toBe('2026-02-28')
  expect(daysAgo(0, 'America/New_York', now)).toBe('2026-03-01')
})

it.each([
  ['2026-11-23', '12w', '2026-09-07'], // a Monday
  ['2026-11-29', '12w', '2026-09-07'], // the Sunday after it
  ['2027-01-01', '12w', '2026-10-12'],
  ['2027-01-31', '12m', '2026-02-01'],
  ['2027-03-31', '12m', '2026-04-01'],
  ['2028-02-29', '12m', '2027-03-01'],
  ['2026-12-01', '12m', '2026-01-01'],
  ['2027-01-03', '7d', '2026-12-28'],
] as const)('on %s the span of %s begins on %s', (to, span, from) =>
  expect(spanDays(span, 'Asia/Shanghai', new Date(`${to}T12:00+08:00`))).toEqual({ from, to }))

it.each([
  [0, 1],
  [1, 1],
  [3, 4],
  [23, 40],
  [51, 60],
  [2300, 4000],
])('draws an axis for %i up to %i', (most, top) => expect(roundUp(most)).toBe(top))

it.each([
  [5.75 * 86_400, ['0 days', '3 days', '6 days']],
  [30 * 3600, ['0 hours', '20 hours', '40 hours']],
  [90 * 60, ['0 minutes', '50 minutes', '100 minutes']],
  [0, ['0 minutes', '0.5 minutes', '1 minute']],
])('tells lengths of time on an axis in one unit, %i', async (most, said) => {
  await useLanguage('en')
  const { top, say } = lengthAxis(most)
  expect([0, top / 2, top].map(say)).toEqual(said)
})

it.each([
  ['2026-03-01', 'day', '2026-03-01'],
  ['2026-02-23', 'week', '2026-03-01'],
  ['2028-02-01', 'month', '2028-02-29'],
  ['2026-12-01', 'month', '2026-12-31'],
] as const)('a period that begins on %s by the %s ends on %s', (start, grain, end) =>
  expect(periodEnd(start, grain)).toBe(end))
