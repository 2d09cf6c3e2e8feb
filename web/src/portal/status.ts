import type { Case, CaseAction, CaseState, PayoutState } from '@/api/types'
import type { Key } from '@/i18n'
import type { Tone } from '@/ui/Badge.vue'

/** Status to colour, as a customer sees it: waiting for them is warn, under way is info, money well done is ok. */
export const stateTone: Record<CaseState, Tone> = {
  submitted: 'info',
  negotiating: 'warn',
  await_return: 'warn',
  returning: 'info',
  inspecting: 'info',
  resolving: 'ok',
  await_confirm: 'warn',
  completed: 'ok',
  rejected: 'bad',
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

type StepName = 'submit' | 'review' | 'return' | 'inspect' | 'refund' | 'send' | 'confirm'
const incoming = (found: Case) =>
  found.parcels.some((one) => one.direction === 'return' || one.direction === 'original')
const onTheWay = new Set<CaseState>(['await_return', 'returning', 'inspecting'])

/** Whether the goods of a case come back, as far as what is known of it shows. */
export function goodsBack(found: Case): boolean {
  if (found.kind === 'return_refund' || found.kind === 'exchange') return true
  return incoming(found) || onTheWay.has(found.state)
}

/** The way a case takes, by what is asked for. */
function steps(found: Case): StepName[] {
  const end: StepName[] = found.kind === 'exchange' || found.kind === 'reship' ? ['send', 'confirm'] : ['refund']
  return ['submit', 'review', ...(goodsBack(found) ? (['return', 'inspect'] as const) : []), ...end]
}

const at: Partial<Record<CaseState, StepName>> = {
  submitted: 'review',
  negotiating: 'review',
  await_return: 'return',
  returning: 'return',
  inspecting: 'inspect',
  await_confirm: 'confirm',
}

/** Where a case ended that did not run to its end: as far as the facts on it show. */
function stoppedAt(found: Case): StepName {
  const arrived = found.parcels.some((one) => one.direction !== 'replacement' && one.state === 'received')
  if (arrived || found.items.some((item) => item.grades.length > 0)) return 'inspect'
  return found.decision?.outcome === 'approve' && goodsBack(found) ? 'return' : 'review'
}

/** The steps of the bar on top of a case. */
export function progress(found: Case): { name: Key; state: 'done' | 'current' | 'ahead' | 'stopped' }[] {
  const broken = found.state === 'rejected' || found.state === 'closed'
  const way = steps(found)
  const money = way.includes('send') ? 'send' : 'refund'
  const here = broken ? stoppedAt(found) : found.state === 'resolving' ? money : at[found.state]
  const index = here ? way.indexOf(here) : way.length
  return way.map((name, position) => {
    const state = position < index ? 'done' : position > index ? 'ahead' : broken ? 'stopped' : 'current'
    return { name: `case.step.${name}`, state }
  })
}

/** The proposal that waits for an answer. */
export const openOffer = (found: Case) => found.offers?.find((offer) => offer.state === 'open')

/** What the customer may or may not do now; undefined when it is not offered at all. */
export const actionOf = (found: Case, name: string): CaseAction | undefined =>
  found.actions.find((one) => one.action === name)

function resolving(found: Case): Key {
  const sent = found.kind === 'exchange' || found.kind === 'reship'
  if (sent && found.exchange?.state === 'held_for_payment') return 'case.now.resolving.pay'
  if (sent && found.exchange?.state === 'back_ordered') return 'case.now.resolving.backorder'
  if (sent) return 'case.now.resolving.send'
  return found.items.some((item) => item.grades.length) ? 'case.now.resolving' : 'case.now.resolving.plain'
}

/** The sentence on top of a case. */
export function headline(found: Case): Key {
  switch (found.state) {
    case 'submitted':
      return found.needs?.length ? 'case.now.asked' : 'case.now.submitted'
    case 'closed':
      return `case.now.${found.closed_as ?? 'withdrawn'}`
    case 'resolving':
      return resolving(found)
    case 'negotiating':
      return openOffer(found)?.mine ? 'case.now.negotiating.mine' : 'case.now.negotiating'
    case 'await_return':
      return found.parcels.some((one) => one.direction === 'original') ? 'case.now.intercept' : 'case.now.await_return'
    case 'completed':
      if (found.kind === 'exchange' || found.kind === 'reship') return `case.now.completed.${found.kind}`
      return found.money_effect === 'none' ? 'case.now.completed.nomoney' : 'case.now.completed'
    default:
      return `case.now.${found.state}`
  }
}
