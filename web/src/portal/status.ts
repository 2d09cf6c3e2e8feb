import type { Case, CaseState, PayoutState } from '@/api/types'
import type { Key } from '@/i18n'
import type { Tone } from '@/ui/Badge.vue'

/** Status to colour, as a customer sees it: waiting for them is warn, under way is info, money well done is ok. */
export const stateTone: Record<CaseState, Tone> = {
  submitted: 'info',
  await_return: 'warn',
  returning: 'info',
  inspecting: 'info',
  resolving: 'ok',
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

const steps = ['submit', 'review', 'return', 'inspect', 'refund'] as const
type StepName = (typeof steps)[number]
const at: Partial<Record<CaseState, StepName>> = {
  submitted: 'review',
  await_return: 'return',
  returning: 'return',
  inspecting: 'inspect',
  resolving: 'refund',
}

/** Where a case ended that did not run to its end: as far as the facts on it show. */
function stoppedAt(found: Case): StepName {
  const parcel = found.parcel?.state
  if (parcel === 'received' || found.items.some((item) => item.grades.length > 0)) return 'inspect'
  return found.decision?.outcome === 'approve' ? 'return' : 'review'
}

/** The five steps of the bar on top of a case. */
export function progress(found: Case): { name: Key; state: 'done' | 'current' | 'ahead' | 'stopped' }[] {
  const broken = found.state === 'rejected' || found.state === 'closed'
  const here = broken ? stoppedAt(found) : at[found.state]
  const index = here ? steps.indexOf(here) : steps.length
  return steps.map((name, position) => {
    const state = position < index ? 'done' : position > index ? 'ahead' : broken ? 'stopped' : 'current'
    return { name: `case.step.${name}`, state }
  })
}

/** The sentence on top of a case. */
export function headline(found: Case): Key {
  if (found.state === 'closed') return found.closed_as === 'expired' ? 'case.now.expired' : 'case.now.withdrawn'
  if (found.state === 'completed' && found.money_effect === 'none') return 'case.now.completed.nomoney'
  return `case.now.${found.state}`
}
