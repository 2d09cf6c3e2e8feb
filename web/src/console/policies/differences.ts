import type { Outcome, TestDifference } from '@/api/policy'
import { t, tOr } from '@/i18n'

// Where a test case came out otherwise than wanted, in words.

const value = (what: TestDifference['what'], one: string): string => {
  if (what === 'outcome' || what === 'kind' || what === 'effective') return t(`policy.outcome.${one as Outcome}`)
  return what === 'freight' || what === 'effective_freight' ? tOr(`policies.freight.${one}`, one) : one
}
/** What it is about. */
export function aboutWords({ what, kind }: TestDifference): string {
  if (what === 'kind') return t('policy.wanted_as', { kind: t(`kind.${kind!}`) })
  const names = {
    outcome: t('policy.outcome'),
    freight: t('policies.freight'),
    grounds: t('policy.grounds'),
    fired: t('policy.fired'),
    needs: t('policy.needs'),
    zone: t('policy.fact.request.zone'),
    law: t('policy.law_unasked'),
    effective: t('policy.together'),
    effective_grounds: t('policy.together_grounds'),
    effective_needs: t('policy.together_needs'),
    effective_freight: t('policy.together_freight'),
  }
  return names[what]
}
export const wantWords = ({ what, want }: TestDifference): string => value(what, want)
export const gotWords = ({ what, got }: TestDifference): string =>
  (got ?? []).map((one) => value(what, one)).join(', ') || t('policy.nothing')
