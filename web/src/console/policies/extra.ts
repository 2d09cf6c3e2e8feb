// The rules of the API have a part named then; nobody awaits them.
/* oxlint-disable unicorn/no-thenable */
import type * as P from '@/api/policy'
import type { Rules } from '@/api/staff'
import type { Kind, Phase } from '@/api/types'
import { minorUnits, written } from './units'

// The shop's own rules as a form edits them: amounts and numbers as they are
// written, lists always there. What a form does not know stays in `rest`.

type Rest = { rest: Record<string, unknown> }
export interface QuestionRow extends Rest {
  name: string
  type: P.RuleQuestion['type']
  choices: string
  says: P.Says
}
interface Scope {
  kinds: Kind[]
  phases: Phase[]
  reasons: string
}
export interface ConditionRow extends Scope, Rest {
  id: string
  when: string
  outcome: P.Outcome | ''
  window: string
  freight: P.Freight | ''
  fee: string
  auto: string
  returnless: boolean
  evidence: P.Evidence[]
  needs: QuestionRow[]
  offers: string
  says: P.Says
}
export interface TierRow extends Rest {
  name: string
  window: string
  auto: string
  returnless: string
  advance: string
  freight: boolean
}
export interface PromiseRow extends Rest {
  code: string
  when: string
  reasons: string
  basis: NonNullable<P.RulePromise['basis']> | ''
  multiple: string
  min: string
  max: string
  auto: string
  says: P.Says
}
export interface OfferRow extends Scope, Rest {
  id: string
  when: string
  offer: P.RuleOffer['offer']
  percent: string
  amount: string
  freight: P.Freight | ''
  only: boolean
  says: P.Says
}
export interface EvidenceRow extends Rest {
  kinds: Kind[]
  reasons: string
  above: string
  ask: P.Evidence[]
  says: P.Says
}
export interface Extra {
  markets: string
  parent: string
  conditions: ConditionRow[]
  tiers: TierRow[]
  promises: PromiseRow[]
  offers: OfferRow[]
  evidence: EvidenceRow[]
}
export const extraKeys = ['markets', 'parent', 'conditions', 'tiers', 'promises', 'offers', 'evidence'] as const

/** "CNY 500.00, JPY 1000" */
export const moneyText = (money: P.Money | undefined): string =>
  Object.entries(money ?? {})
    .map(([currency, minor]) => `${currency} ${written(minor, currency)}`)
    .join(', ')
/** The amounts of such a text; undefined when a part of it is none. */
export function moneyOf(text: string): P.Money | undefined {
  const money: P.Money = {}
  for (const part of text.split(/[,，;；、]/).filter((one) => one.trim())) {
    const found = /^\s*([A-Za-z]{3})\s*([\d.]+)\s*$/.exec(part)
    const currency = found?.[1]?.toUpperCase() ?? ''
    const minor = found ? minorUnits(found[2]!, currency) : undefined
    if (minor === undefined || Number.isNaN(minor) || currency in money) return undefined
    money[currency] = minor
  }
  return money
}
export const words = (text: string): string[] => [...new Set(text.split(/[\s,，、;；]+/).filter(Boolean))]
const text = (list: readonly string[] | undefined) => (list ?? []).join(', ')
const digits = (value: number | undefined) => (value === undefined ? '' : String(value))
const number = (value: string) => (value.trim() === '' ? undefined : Number(value))

/** Without what is empty, and with what the form does not know. */
function clean<T>(rest: Record<string, unknown>, parts: object): T {
  const kept = Object.entries(parts).filter(
    ([, one]) =>
      one !== undefined &&
      one !== '' &&
      one !== false &&
      !(typeof one === 'object' && one !== null && Object.keys(one as object).length === 0),
  )
  return { ...rest, ...Object.fromEntries(kept) } as T
}
const saysOf = (says: P.Says): P.Says => Object.fromEntries(Object.entries(says).filter(([, said]) => said?.trim()))

const scope = (one: { kinds?: Kind[]; phases?: Phase[]; reasons?: string[] }) => ({
  kinds: [...(one.kinds ?? [])],
  phases: [...(one.phases ?? [])],
  reasons: text(one.reasons),
})
export function conditionRow({ id, when, kinds, phases, reasons, says, then, ...rest }: P.RuleCondition): ConditionRow {
  const { outcome, window_days, freight, restocking_fee, auto_approve, returnless, evidence, needs, offers, ...more } =
    then
  return {
    id,
    when,
    ...scope({ kinds, phases, reasons }),
    outcome: outcome ?? '',
    window: digits(window_days),
    freight: freight ?? '',
    fee: digits(restocking_fee),
    auto: moneyText(auto_approve),
    returnless: returnless ?? false,
    evidence: [...(evidence ?? [])],
    needs: (needs ?? []).map(({ name, type, choices, says: asks, ...other }) => ({
      name,
      type,
      choices: text(choices),
      says: { ...asks },
      rest: other,
    })),
    offers: text(offers),
    says: { ...says },
    rest: { ...rest, then: more },
  }
}
export const tierRow = (name: string, tier: P.RuleTier): TierRow => {
  const { window_days, auto_approve, returnless, advance, freight, ...rest } = tier
  return {
    name,
    window: digits(window_days),
    auto: moneyText(auto_approve),
    returnless: moneyText(returnless),
    advance: moneyText(advance),
    freight: freight === 'seller',
    rest,
  }
}
export const promiseRow = ({
  code,
  when,
  reasons,
  basis,
  multiple,
  min,
  max,
  auto_approve,
  says,
  ...rest
}: P.RulePromise): PromiseRow => ({
  code,
  when: when ?? '',
  reasons: text(reasons),
  basis: basis ?? '',
  multiple: digits(multiple),
  min: moneyText(min),
  max: moneyText(max),
  auto: moneyText(auto_approve),
  says: { ...says },
  rest,
})
export function offerRow(one: P.RuleOffer): OfferRow {
  const { id, when, kinds, phases, reasons, offer, percent, amount, freight, only_on_demand, says, ...rest } = one
  return {
    id,
    when: when ?? '',
    ...scope({ kinds, phases, reasons }),
    offer,
    percent: digits(percent),
    amount: moneyText(amount),
    freight: freight ?? '',
    only: only_on_demand ?? false,
    says: { ...says },
    rest,
  }
}
export const evidenceRow = ({ kinds, reasons, above, ask, says, ...rest }: P.RuleEvidence): EvidenceRow => ({
  kinds: [...(kinds ?? [])],
  reasons: text(reasons),
  above: moneyText(above),
  ask: [...ask],
  says: { ...says },
  rest,
})

export const toExtra = (rules: Rules): Extra => ({
  markets: text(rules.markets),
  parent: rules.parent ?? '',
  conditions: (rules.conditions ?? []).map(conditionRow),
  tiers: Object.entries(rules.tiers ?? {}).map(([name, tier]) => tierRow(name, tier)),
  promises: (rules.promises ?? []).map(promiseRow),
  offers: (rules.offers ?? []).map(offerRow),
  evidence: (rules.evidence ?? []).map(evidenceRow),
})

function condition(row: ConditionRow): P.RuleCondition {
  const { then: more, ...rest } = row.rest
  const then = clean<P.RuleThen>((more as Record<string, unknown> | undefined) ?? {}, {
    outcome: row.outcome,
    window_days: number(row.window),
    freight: row.freight,
    restocking_fee: number(row.fee),
    auto_approve: moneyOf(row.auto),
    returnless: row.returnless,
    evidence: row.evidence,
    needs: row.needs.map((one) => ({
      ...clean<object>(one.rest, { choices: words(one.choices), says: saysOf(one.says) }),
      name: one.name,
      type: one.type,
    })),
    offers: words(row.offers),
  })
  const scoped = { kinds: row.kinds, phases: row.phases, reasons: words(row.reasons), says: saysOf(row.says) }
  return { ...clean<object>(rest, scoped), id: row.id, when: row.when, then }
}
const tier = (row: TierRow): P.RuleTier =>
  clean(row.rest, {
    window_days: number(row.window),
    auto_approve: moneyOf(row.auto),
    returnless: moneyOf(row.returnless),
    advance: moneyOf(row.advance),
    freight: row.freight ? 'seller' : '',
  })
const promise = (row: PromiseRow): P.RulePromise => ({
  ...clean<object>(row.rest, {
    when: row.when,
    reasons: words(row.reasons),
    basis: row.basis,
    min: moneyOf(row.min),
    max: moneyOf(row.max),
    auto_approve: moneyOf(row.auto),
    says: saysOf(row.says),
  }),
  code: row.code,
  multiple: number(row.multiple) ?? 0,
})
const offer = (row: OfferRow): P.RuleOffer => ({
  ...clean<object>(row.rest, {
    when: row.when,
    kinds: row.kinds,
    phases: row.phases,
    reasons: words(row.reasons),
    percent: number(row.percent),
    amount: moneyOf(row.amount),
    freight: row.freight,
    only_on_demand: row.only,
    says: saysOf(row.says),
  }),
  id: row.id,
  offer: row.offer,
})
const evidence = (row: EvidenceRow): P.RuleEvidence => ({
  ...clean<object>(row.rest, {
    kinds: row.kinds,
    reasons: words(row.reasons),
    above: moneyOf(row.above),
    says: saysOf(row.says),
  }),
  ask: row.ask,
})

export function fromExtra(extra: Extra): Partial<Rules> {
  return clean<Partial<Rules>>(
    {},
    {
      markets: words(extra.markets.toUpperCase()),
      parent: extra.parent.trim(),
      conditions: extra.conditions.map(condition),
      tiers: Object.fromEntries(
        extra.tiers.filter((row) => row.name.trim()).map((row) => [row.name.trim(), tier(row)]),
      ),
      promises: extra.promises.map(promise),
      offers: extra.offers.map(offer),
      evidence: extra.evidence.map(evidence),
    },
  )
}

/** Whether something that was written as amounts or as a number is none. */
export function badExtra(extra: Extra): boolean {
  const amounts = [
    ...extra.conditions.map((row) => row.auto),
    ...extra.tiers.flatMap((row) => [row.auto, row.returnless, row.advance]),
    ...extra.promises.flatMap((row) => [row.min, row.max]),
    ...extra.offers.map((row) => row.amount),
    ...extra.evidence.map((row) => row.above),
  ]
  const numbers = [
    ...extra.conditions.flatMap((row) => [row.window, row.fee]),
    ...extra.tiers.map((row) => row.window),
    ...extra.promises.map((row) => row.multiple),
    ...extra.offers.map((row) => row.percent),
  ]
  return (
    amounts.some((one) => moneyOf(one) === undefined) || numbers.some((one) => !/^\d{0,6}$/.test(String(one).trim()))
  )
}
