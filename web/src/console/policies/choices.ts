import { computed } from 'vue'
import { claims, evidences, outcomes, phases, proposals } from '@/api/policy'
import type { Kind, Phase } from '@/api/types'
import { t } from '@/i18n'
import { kinds } from '../case/kinds'

const options = <V extends string>(values: readonly V[], label: (value: V) => string) =>
  computed(() => values.map((value) => ({ value, label: label(value) })))

/** What there is to choose in rules, in the reader's language. */
export function useChoices() {
  return {
    kinds: options<Kind>(kinds, (one) => t(`kind.${one}`)),
    phases: options<Phase>(phases, (one) => t(`policy.phase.${one}`)),
    outcomes: options(outcomes, (one) => t(`policy.outcome.${one}`)),
    evidences: options(evidences, (one) => t(`policy.evidence.${one}`)),
    claims: options(claims, (one) => t(`policy.claim.${one}`)),
    proposals: options(proposals, (one) => t(`policy.offer.${one}`)),
    freights: options(['seller', 'customer'] as const, (one) => t(`policies.freight.${one}`)),
    bases: options(['promise', 'goodwill', 'statutory'] as const, (one) => t(`policy.basis.${one}`)),
    answers: options(['bool', 'date', 'number', 'choice'] as const, (one) => t(`policy.answer.${one}`)),
  }
}

/** Moves a row of a list up or down. */
export function moved<T>(rows: T[], index: number, by: number): T[] {
  const next = [...rows]
  const [row] = next.splice(index, 1)
  next.splice(index + by, 0, row!)
  return next
}
