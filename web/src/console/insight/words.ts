import type { Day } from '@/api/rights'
import type { Count, Grain } from '@/api/insight'
import { lang, t, tOr } from '@/i18n'
import { dayOf, duration } from '@/lib/format'

export const number = (value: number): string => new Intl.NumberFormat(lang.value).format(value)
export const percent = (part: number, whole: number): string =>
  new Intl.NumberFormat(lang.value, { style: 'percent', maximumFractionDigits: 1 }).format(whole ? part / whole : 0)

/** The name of a period by its first day: a day, a week, a month. */
export function periodWords(start: Day, grain: Grain): string {
  if (grain !== 'month') return dayOf(start, lang.value)
  const [year, month] = start.split('-').map(Number)
  return new Intl.DateTimeFormat(lang.value, { year: 'numeric', month: 'short' }).format(new Date(year!, month! - 1, 1))
}
/** The last day of the period that begins on a day. */
export function periodEnd(start: Day, grain: Grain): Day {
  const [year, month, date] = start.split('-').map(Number)
  const end =
    grain === 'month' ? Date.UTC(year!, month!, 0) : Date.UTC(year!, month! - 1, date! + (grain === 'week' ? 6 : 0))
  return new Date(end).toISOString().slice(0, 10)
}
/** A length of time, or a dash where nothing was measured. */
export const lengthWords = (seconds: number): string => (seconds ? duration(seconds, lang.value) : '–')

export function countryWords(code: string): string {
  if (code === '-') return t('insight.unknown')
  return new Intl.DisplayNames(lang.value, { type: 'region' }).of(code) ?? code
}
export const stateWords = (code: string): string => tOr(`case.state.${code}`, code)
export const sum = (all: Count[], ...names: string[]): number =>
  all.filter((one) => names.includes(one.name)).reduce((total, one) => total + one.count, 0)

/** The day that lies so many days before today, in a zone. */
export function daysAgo(days: number, zone: string, now = new Date()): Day {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone || undefined }).format(now)
  const [year, month, date] = today.split('-').map(Number)
  return new Date(Date.UTC(year!, month! - 1, date! - days)).toISOString().slice(0, 10)
}

/** The spans of time to choose from: what the address says, how long the steps are, how many there are with this one. */
export const spans = {
  '7d': { grain: 'day', steps: 7 },
  '30d': { grain: 'day', steps: 30 },
  '12w': { grain: 'week', steps: 12 },
  '12m': { grain: 'month', steps: 12 },
} as const satisfies Record<string, { grain: Grain; steps: number }>
export type Span = keyof typeof spans

/** The first and the last day of a span that ends today; as many steps on every day of a week, a month and a year. */
export function spanDays(span: Span, zone: string, now = new Date()): { from: Day; to: Day } {
  const { grain, steps } = spans[span]
  const to = daysAgo(0, zone, now)
  const [year, month, date] = to.split('-').map(Number)
  if (grain === 'month') return { from: new Date(Date.UTC(year!, month! - steps, 1)).toISOString().slice(0, 10), to }
  const sinceMonday = (new Date(Date.UTC(year!, month! - 1, date!)).getUTCDay() + 6) % 7
  return { from: daysAgo(grain === 'week' ? (steps - 1) * 7 + sinceMonday : steps - 1, zone, now), to }
}

/** A round number at or above the largest value, whose half is round as well, so that the axis can be read. */
export function roundUp(most: number): number {
  if (most <= 0) return 1
  const unit = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 4, 6, 8, 10].map((step) => step * unit).find((step) => step >= most) ?? most
}
/** The end of an axis and what stands beside it: lengths of time are told in one unit, which is written there. */
export interface Axis {
  top: number
  say: (value: number) => string
}
export const axisOf = (most: number, say: (value: number) => string): Axis => ({ top: roundUp(most), say })

export function lengthAxis(most: number): Axis {
  const [unit, long] = most > 2 * 86_400 ? ['day', 86_400] : most > 2 * 3600 ? ['hour', 3600] : ['minute', 60]
  const words = new Intl.NumberFormat(lang.value, { style: 'unit', unit: unit as string, unitDisplay: 'long' })
  return { top: roundUp(most / (long as number)) * (long as number), say: (value) => words.format(value / (long as number)) }
}
