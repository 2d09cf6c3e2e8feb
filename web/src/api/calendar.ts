import type { Instant } from './types'

// When the shop's own people work, and the days that countries publish.
export const desks = ['service', 'warehouse'] as const
export type Desk = (typeof desks)[number]
export const modes = ['clock', 'wait', 'worked'] as const
export type Mode = (typeof modes)[number]
export type OwnTimer = 'answer' | 'payout' | 'inspect'

export interface Span {
  /** 1 is Monday, 7 Sunday. */
  day: number
  from: string
  to: string
}
export interface Closure {
  from: string
  to: string
  name: string
}
export interface ExtraDay {
  date: string
  from?: string
  to?: string
  name?: string
}
export interface CalendarBody {
  mode: Mode
  zone: string
  country?: string
  week: Span[]
  closures: Closure[]
  extra: ExtraDay[]
  /** Of the shop's service only: how far sellers may go. */
  sellers?: CalendarLimits
}
export interface CalendarLimits {
  own: boolean
  row_days: number
  year_days: number
  week_hours: number
}
export interface DeskCalendar extends CalendarBody {
  desk: Desk
  /** Whose it is; missing: the shop's. */
  seller?: string
  /** False of a seller who keeps the shop's calendar, which then is shown. */
  own: boolean
  limits?: CalendarLimits
  version: number
  timers: OwnTimer[]
}
export interface CalendarEffect {
  running: { timer: OwnTimer; count: number; shut: number }[]
  shut: { case: string; number: string; timer: OwnTimer; at: Instant }[]
  next: { timer: OwnTimer; hours: number; before: Instant; after: Instant }[]
}
export interface CalendarChange {
  version: number
  at: Instant
  by: { kind: string; name?: string }
  own: boolean
  parts: ('mode' | 'zone' | 'country' | 'week' | 'closures' | 'extra' | 'sellers' | 'own')[]
  added: Closure[]
  removed: Closure[]
}
export interface CalendarFile {
  closures: Closure[]
  extra: ExtraDay[]
  left: { name: string; why: 'hours' | 'date' | 'past' | 'repeats' | 'long' | 'cancelled' | 'many' }[]
  left_out: number
}
export interface PublicCalendar {
  country: string
  first: number
  last: number
  about: string
  source: string
}
export interface PublicYear extends PublicCalendar {
  year: number
  days: { date: string; name?: string; work: boolean }[]
}

interface List<T> {
  items: T[]
  next: string
}
export interface CalendarRoutes {
  'GET /v1/shop/calendars': { answer: List<DeskCalendar> }
  'GET /v1/shop/calendars/{desk}': { answer: DeskCalendar }
  'PUT /v1/shop/calendars/{desk}': { body: CalendarBody; answer: DeskCalendar }
  'DELETE /v1/shop/calendars/{desk}': { answer: DeskCalendar }
  'GET /v1/shop/calendar-sellers': { answer: List<{ seller: string }> }
  'POST /v1/shop/calendars/{desk}/preview': { body: CalendarBody; answer: CalendarEffect }
  'GET /v1/shop/calendars/{desk}/versions': { answer: List<CalendarChange> }
  'POST /v1/shop/calendars/{desk}/import': { body: { content: string }; answer: CalendarFile }
  'GET /v1/public-calendars': { answer: List<PublicCalendar> }
  'GET /v1/public-calendars/{country}': { answer: PublicYear }
}
