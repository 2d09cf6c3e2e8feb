import type { CalendarBody, CalendarFile, CalendarLimits, Closure, DeskCalendar, ExtraDay } from '@/api/calendar'
import { t, tOr } from '@/i18n'
import type { Problem } from '@/lib/problem'

export const calendarsKey = ['shop-calendars']
/** The calendar of a seller; without one the shop's. */
export const ofSeller = (seller: string | undefined): Record<string, string> => (seller ? { seller } : {})
/** The largest file that is read. */
export const maxFile = 256 * 1024

/** A clock field knows no 24:00: the end of the day is midnight. */
const midnight = (to: string) => (to === '00:00' ? '24:00' : to)
const shown = (to: string) => (to === '24:00' ? '00:00' : to)

/** What a form edits; nothing is missing. */
export interface CalendarForm {
  mode: CalendarBody['mode']
  zone: string
  country: string
  week: CalendarBody['week']
  closures: Closure[]
  extra: Required<ExtraDay>[]
  sellers?: CalendarLimits
}

const whole = (one: ExtraDay): Required<ExtraDay> => ({
  date: one.date,
  from: one.from ?? '',
  to: shown(one.to ?? ''),
  name: one.name ?? '',
})

export const toForm = (from: CalendarBody): CalendarForm => ({
  mode: from.mode,
  zone: from.zone,
  country: from.country ?? '',
  week: from.week.map((span) => ({ ...span, to: shown(span.to) })),
  closures: from.closures.map((one) => ({ ...one })),
  extra: from.extra.map(whole),
  ...(from.sellers ? { sellers: { ...from.sellers } } : {}),
})

export const toBody = (form: CalendarForm): CalendarBody => ({
  mode: form.mode,
  zone: form.zone.trim(),
  ...(form.country ? { country: form.country } : {}),
  week: form.week.map((span) => ({ ...span, to: midnight(span.to) })),
  closures: form.closures.map((one) => ({ ...one })),
  extra: form.extra.map((one) => ({ ...one, to: one.from || one.to ? midnight(one.to) : '' })),
  ...(form.sellers ? { sellers: { ...form.sellers } } : {}),
})

export const same = (form: CalendarForm, base: DeskCalendar): boolean =>
  JSON.stringify(form) === JSON.stringify(toForm(base))

const byDay = <T>(rows: T[], day: (row: T) => string) => rows.sort((a, b) => day(a).localeCompare(day(b)))

/** Adds what a file holds; days that are there already stay as they are. */
export function merged(form: CalendarForm, file: CalendarFile): { form: CalendarForm; added: number } {
  const closures = file.closures.filter((one) => !form.closures.some((old) => old.from <= one.to && one.from <= old.to))
  const extra = file.extra.filter((one) => !form.extra.some((old) => old.date === one.date)).map(whole)
  return {
    form: {
      ...form,
      closures: byDay([...form.closures, ...closures], (one) => one.from),
      extra: byDay([...form.extra, ...extra], (one) => one.date),
    },
    added: closures.length + extra.length,
  }
}

/** What a refusal says about a field, such as closures[0].to. */
export function complaint(problem: Problem | undefined, path: string): string {
  const found = problem?.errors.find((one) => one.field === `body.${path}`)
  return found ? tOr(`calendars.bad.${found.code ?? ''}`, t('calendars.bad')) : ''
}

/** Monday, Tuesday …, as the reader calls them. */
export const dayNames = (language: string): string[] =>
  [1, 2, 3, 4, 5, 6, 7].map((day) =>
    new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day))),
  )

/** A date of a calendar, which is in no zone. */
export function dateText(date: string, language: string): string {
  const at = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return date
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(at)
}

export const spanText = (from: string, to: string, language: string): string =>
  from === to ? dateText(from, language) : `${dateText(from, language)} – ${dateText(to, language)}`

export function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}
