import type { Amount, Instant } from '@/api/types'
import { digitsOf } from './amount'

const formats = new Map<string, object>()
/** A format takes long to make, and is asked for again and again. */
function once<T extends object, O extends object>(
  Format: new (lang: string, options: O) => T,
  lang: string,
  options: NoInfer<O>,
): T {
  const key = Format.name + lang + JSON.stringify(options)
  const found = (formats.get(key) as T | undefined) ?? new Format(lang, options)
  formats.set(key, found)
  return found
}

/**
 * Money in the reader's way of writing it, with the currency's own number of
 * digits, and with a sign that no other currency has in that language: yuan and
 * yen never look alike. A sign such as CN¥ keeps its own direction among Arabic words.
 */
export function money(amount: Amount, lang: string, withCode = false): string {
  const { currency } = amount
  const digits = digitsOf(currency)
  const format = once(Intl.NumberFormat, lang, {
    style: 'currency',
    currency,
    currencyDisplay: withCode ? 'code' : 'symbol',
    minimumFractionDigits: digits,
  })
  return format
    .formatToParts(amount.minor / 10 ** digits)
    .map(({ type, value }) => (lang === 'ar' && type === 'currency' ? `\u2066${value}\u2069` : value))
    .join('')
}

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()

const stamp = (lang: string, options: Intl.DateTimeFormatOptions) => once(Intl.DateTimeFormat, lang, options)

/** "14:42" today, "11月21日 14:42" this year, with the year otherwise. */
export function dateTime(at: Instant, lang: string, now = new Date()): string {
  const date = new Date(at)
  const hour = stamp(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date)
  if (sameDay(date, now)) {
    const today = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(0, 'day')
    return `${today} ${hour}`
  }
  return `${day(at, lang, now)} ${hour}`
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

/** A moment by the reader's clock, with its zone where the clock of `zone` shows another. */
export function clock(at: Instant, zone: string, lang: string, now = new Date()): string {
  return [dateTime(at, lang, now), otherZone(at, zone, lang)].filter(Boolean).join(' ')
}

/** A sentence that tells a moment in the words `told`, told by the reader's own clock. */
export function retold(text: string, told: string | undefined, own: string, lang: string): string {
  return told ? text.replace(told, () => (lang === 'ar' ? `\u2068${own}\u2069` : own)) : text
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
    .map(([n, unit]) => once(Intl.NumberFormat, lang, { style: 'unit', unit, unitDisplay: 'long' }).format(n))
    .join(' ')
}

/** A list as a sentence part: "A、B和C". */
export function list(items: string[], lang: string): string {
  return new Intl.ListFormat(lang, { type: 'conjunction' }).format(items)
}

/** A calendar day such as 2026-11-03, which is the same day in every zone. */
export function dayOf(date: string, lang: string, now = new Date()): string {
  return /^\d{4}-\d\d-\d\d$/.test(date) ? day(`${date}T12:00`, lang, now) : date
}
