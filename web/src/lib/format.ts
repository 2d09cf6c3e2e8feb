import type { Amount, Instant } from '@/api/types'
import { digitsOf } from './amount'

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()
function once<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const found = formats.get(key) as T | undefined
  if (found) return found
  const made = make()
  formats.set(key, made)
  return made
}

/** A sign such as CN¥ keeps its own direction among Arabic words. */
const apart = (part: Intl.NumberFormatPart) => (part.type === 'currency' ? `\u2066${part.value}\u2069` : part.value)

/** Money in the reader's way of writing it, with the currency's own number of digits. */
export function money(amount: Amount, lang: string, withCode = false): string {
  const { currency } = amount
  const currencyDisplay = withCode ? 'code' : 'narrowSymbol'
  const digits = digitsOf(currency)
  const format = once(
    `m|${lang}|${currency}|${currencyDisplay}`,
    () => new Intl.NumberFormat(lang, { style: 'currency', currency, currencyDisplay, minimumFractionDigits: digits }),
  )
  const value = amount.minor / 10 ** digits
  if (!lang.startsWith('ar')) return format.format(value)
  return format.formatToParts(value).map(apart).join('')
}

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()

function stamp(lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(`d|${lang}|${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(lang, options))
}

/** "14:42" today, "11月21日 14:42" this year, with the year otherwise. */
export function dateTime(at: Instant, lang: string, now = new Date()): string {
  const date = new Date(at)
  const clock = stamp(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date)
  if (sameDay(date, now)) {
    const today = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(0, 'day')
    return `${today} ${clock}`
  }
  return `${day(at, lang, now)} ${clock}`
}

/** A date without the clock; the year only when it is not this one. */
export function day(at: Instant, lang: string, now = new Date()): string {
  const date = new Date(at)
  const options: Intl.DateTimeFormatOptions = { month: lang.startsWith('zh') ? 'long' : 'short', day: 'numeric' }
  if (date.getFullYear() !== now.getFullYear()) options.year = 'numeric'
  return stamp(lang, options).format(date)
}

/** Date, clock, seconds and zone: what is shown on demand beside a short form. */
export function fullTime(at: Instant, lang: string): string {
  return stamp(lang, { dateStyle: 'long', timeStyle: 'long' }).format(new Date(at))
}

/** The short name of the reader's zone, or '' when the clock there shows the same as in `zone`. */
export function otherZone(at: Instant, zone: string, lang: string): string {
  if (!zone) return ''
  const date = new Date(at)
  if (date.toLocaleString('en') === date.toLocaleString('en', { timeZone: zone })) return ''
  const parts = stamp(lang, { timeZoneName: 'short' }).formatToParts(date)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

/** A length of time in its two largest units: "2 天 4 小时". */
export function duration(seconds: number, lang: string): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60))
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ]
  const first = parts.findIndex(([n]) => n > 0)
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) =>
      once(`u|${lang}|${unit}`, () => new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' })).format(
        n,
      ),
    )
    .join(' ')
}

/** A list as a sentence part: "A、B和C". */
export function list(items: string[], lang: string): string {
  return new Intl.ListFormat(lang, { type: 'conjunction' }).format(items)
}

/** A calendar day such as 2026-11-03, which is the same day in every zone. */
export function dayOf(date: string, lang: string, now = new Date()): string {
  const [year, month, dayNumber] = date.split('-').map(Number)
  if (!year || !month || !dayNumber) return date
  return day(new Date(year, month - 1, dayNumber, 12).toISOString(), lang, now)
}
