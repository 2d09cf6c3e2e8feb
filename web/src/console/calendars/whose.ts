import type { DeskCalendar } from '@/api/calendar'
import { may, me } from '../session'

/** Whether this person changes a calendar: of a seller's people only the own, where the shop lets them. */
export const mayChange = (calendar: DeskCalendar): boolean =>
  may('calendar.write') && (!me.value?.seller || calendar.limits?.own === true)
