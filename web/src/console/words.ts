import type { StaffCase } from '@/api/staff'
import type { CaseState, CaseSummary, Instant, PayoutState } from '@/api/types'
import { t, tOr } from '@/i18n'
import type { Tone } from '@/ui/Badge.vue'

/** Status to colour as staff see it: waiting for us is bad, for the customer warn, moving or inspected info, paid well ok. */
export const stateTone: Record<CaseState, Tone> = {
  submitted: 'bad',
  negotiating: 'warn',
  await_return: 'warn',
  returning: 'info',
  inspecting: 'info',
  resolving: 'ok',
  await_confirm: 'warn',
  completed: 'ok',
  rejected: 'neutral',
  closed: 'neutral',
}
export const payoutTone: Record<PayoutState, Tone> = {
  reserved: 'neutral',
  submitted: 'info',
  succeeded: 'ok',
  failed: 'bad',
  manual: 'warn',
  blocked: 'warn',
  reversed: 'bad',
}

interface Standing {
  state: CaseState
  closed_as?: string
  kind?: string
  waiting_for?: string
  next?: { who: string }
}
/** The word of a state; a closed case says how it was closed, one that sends goods for whom it waits. */
export function stateWord(found: Standing): string {
  if (found.state === 'resolving' && (found.kind === 'exchange' || found.kind === 'reship')) {
    const who = found.waiting_for ?? found.next?.who
    if (who === 'warehouse') return t('state.sending')
    if (who === 'customer') return t('outbound.held_for_payment')
    // A row of a list does not know how far the replacement is.
    if (!found.next) return t('state.underway')
  }
  if (found.state === 'closed' && found.closed_as) return tOr(`case.closed.${found.closed_as}`, found.closed_as)
  return tOr(`case.state.${found.state}`, found.state)
}

const soonest = 4 * 3600

/** How pressing a deadline is: overdue, or less than a quarter (or four hours) of the time left. */
export function urgency(deadline: Instant, since: Instant, now: Date): 'neutral' | 'warn' | 'bad' {
  const end = new Date(deadline).getTime()
  const left = (end - now.getTime()) / 1000
  if (left <= 0) return 'bad'
  const whole = (end - new Date(since).getTime()) / 1000
  return left < soonest || left < whole / 4 ? 'warn' : 'neutral'
}

/** A length of time in its largest unit, for places with little room. */
export function roughly(seconds: number, language: string, unitDisplay: 'short' | 'narrow' = 'short'): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60))
  const [count, unit] =
    minutes >= 2880
      ? [Math.floor(minutes / 1440), 'day']
      : minutes >= 60
        ? [Math.floor(minutes / 60), 'hour']
        : [minutes, 'minute']
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay }).format(count as number)
}

/** What a payment is for; later corrections are numbered. */
export function purposeWord(purpose: string): string {
  const [, base = purpose, count] = /^([a-z_]+?)(?:_(\d+))?$/.exec(purpose) ?? []
  const word = tOr(`payouts.purpose.${base}`, base)
  return count ? `${word} ${count}` : word
}

/** What the server calls the carrier of labels that the shop prints itself. */
export const ownCarrier = 'own'
export const carrierName = (carrier: string): string => (carrier === ownCarrier ? t('shipment.own') : carrier)

/** A whole case as a row of the list, so that one change needs one read. */
export function summaryOf(found: StaffCase): CaseSummary {
  const first = found.items[0]
  const { reserved, quoted } = found.money
  const row: CaseSummary = {
    id: found.id,
    number: found.number,
    kind: found.kind,
    state: found.state,
    order_number: found.order.number,
    title: first?.title ?? '',
    quantity: found.items.reduce((sum, item) => sum + item.quantity, 0),
    amount: reserved.minor > 0 ? reserved : quoted.total,
    reason: first?.reason ?? { code: '', text: '' },
    opened_at: found.opened_at,
    updated_at: found.updated_at,
    waiting_for: found.next.who,
    version: found.version,
  }
  if (found.customer) row.customer_name = found.customer.name
  const timer = found.timers.find((one) => one.deadline)
  if (timer?.deadline) row.deadline = timer.deadline
  if (found.assignee) row.assignee = found.assignee.id
  if (found.closed_as) row.closed_as = found.closed_as
  return row
}

/** What a browser calls itself, as people call it. */
export function deviceName(agent: string): string {
  const system = /iPad/.test(agent) ? 'iPad' : /iPhone/.test(agent) ? 'iPhone' : /Android/.test(agent) ? 'Android' : ''
  const desktop = /Mac OS X/.test(agent)
    ? 'macOS'
    : /Windows/.test(agent)
      ? 'Windows'
      : /Linux/.test(agent)
        ? 'Linux'
        : ''
  const browser = /Edg\//.exec(agent)
    ? 'Edge'
    : /Firefox\//.exec(agent)
      ? 'Firefox'
      : /Chrome\//.exec(agent)
        ? 'Chrome'
        : /Safari\//.exec(agent)
          ? 'Safari'
          : ''
  return [browser, system || desktop].filter(Boolean).join(' · ') || agent.slice(0, 40)
}

/** How contracts are made, as orders tell; "-": nobody has said. */
export const channels = ['web', 'app', 'live', 'store', 'phone', 'tv', 'mail', 'doorstep', 'auction', '-'] as const
export const channelWords = (code: string): string => tOr(`channel.${code}`, code)
