import { waits, type PolicyPreset, type Preset, type RuleCategory, type RuleReason, type Rules, type Wait } from '@/api/staff'
import type { Kind } from '@/api/types'
import type { FieldError } from '@/lib/problem'
import { badExtra, extraKeys, fromExtra, moneyOf, moneyText, toExtra, words, type Extra } from './extra'
import { plainPath } from './jsonmap'
import { minorUnits, written } from './units'

export { digits, minorUnits, written } from './units'

/** The rules as a form edits them: maps become rows, money becomes the units people write. */
export interface RulesForm {
  name: string
  window_days: number
  answer_hours: number
  ship_back_days: number
  inspect_hours: number
  payout_hours: number
  shipping: Rules['shipping']
  full_shipping: boolean
  reasons: ReasonRow[]
  categories: CategoryRow[]
  money: MoneyRow[]
  preset: Preset | ''
  /** Empty: what the preset says, or the default. */
  timers: Record<Wait, string>
  working_days: boolean
  calendar: string
  kinds: Kind[]
  promotions: NonNullable<Rules['promotions']>
  tender: NonNullable<Rules['tender']>
  silence: NonNullable<Rules['silence']>
  restocking_fee: number
  price_protection_days: number
  hold_days: number
  after: '' | 'first_scan'
  /** The shop's own rules. */
  extra: Extra
  /** What this form does not know, so that saving does not lose it. */
  other: Record<string, unknown>
}
export interface ReasonRow {
  code: string
  photos: RuleReason['photos']
  freight: RuleReason['freight']
  window: string
  claim: NonNullable<RuleReason['claim']> | ''
  cure: string
  auto: string
  /** What this form does not know. */
  rest: Record<string, unknown>
}
export interface CategoryRow {
  name: string
  window: string
  final: boolean
  why: string
  opened: boolean
  traits: string
  auto: string
  rest: Record<string, unknown>
}
/** The amounts of one currency, as people write them. */
export type MoneyRow = { currency: string } & Record<MoneyField, string>
export const moneyFields = ['auto', 'fee', 'below', 'advance', 'bulk', 'goodwill', 'promise', 'statutory'] as const
export type MoneyField = (typeof moneyFields)[number]
export const emptyRow = (currency = ''): MoneyRow => ({
  currency,
  ...(Object.fromEntries(moneyFields.map((name) => [name, ''])) as Record<MoneyField, string>),
})
/** Where the rules keep each amount, as the server names it in complaints. */
export const moneyPath: Record<MoneyField, string> = {
  auto: 'auto_approve',
  fee: 'label_fee',
  below: 'returnless.below',
  advance: 'advance.max',
  bulk: 'bulk_limit',
  goodwill: 'compensation.goodwill',
  promise: 'compensation.promise',
  statutory: 'compensation.statutory',
}
type Amounts = Record<string, number>
const amountsIn = (rules: Rules): Record<MoneyField, Amounts | undefined> => ({
  auto: rules.auto_approve,
  fee: rules.label_fee,
  below: rules.returnless?.below,
  advance: rules.advance?.max,
  bulk: rules.bulk_limit,
  goodwill: rules.compensation?.goodwill,
  promise: rules.compensation?.promise,
  statutory: rules.compensation?.statutory,
})
const known = new Set<string>([
  ...extraKeys,
  'window_days',
  'categories',
  'reasons',
  'auto_approve',
  'label_fee',
  'shipping',
  'full_shipping',
  'answer_hours',
  'ship_back_days',
  'inspect_hours',
  'payout_hours',
  'preset',
  'timers',
  'kinds',
  'promotions',
  'tender',
  'silence',
  'restocking_fee',
  'returnless',
  'advance',
  'exchange',
  'price_protection_days',
  'compensation',
  'bulk_limit',
])
export const reasonsWhy = ['hygiene', 'perishable', 'digital', 'custom_made', 'clearance', 'other'] as const
/** From and to of the numbers. */
export const limits = {
  window_days: [0, 36500],
  answer_hours: [1, 720],
  ship_back_days: [1, 180],
  inspect_hours: [1, 1440],
  payout_hours: [1, 720],
  restocking_fee: [0, 50],
  price_protection_days: [0, 365],
  hold_days: [0, 180],
} as const
export const waitLimits: Record<Wait, number> = {
  offer_hours: 720,
  transit_days: 90,
  escalate_days: 180,
  confirm_days: 90,
  payment_hours: 720,
  advance_days: 180,
  late_days: 3650,
}
/** Whether a wait is no whole number within its limit; empty is the preset's or the default. */
export const badWait = (form: RulesForm, name: Wait): boolean => {
  const text = form.timers[name].trim()
  return text !== '' && !(/^\d{1,4}$/.test(text) && Number(text) <= waitLimits[name])
}
export const hours = ['answer_hours', 'ship_back_days', 'inspect_hours', 'payout_hours'] as const

/** Whether a number is outside its limits, or no whole number at all. */
export function outside(form: RulesForm, name: keyof typeof limits): boolean {
  const [from, to] = limits[name]
  return !Number.isInteger(form[name]) || form[name] < from || form[name] > to
}
export const anyOutside = (form: RulesForm): boolean =>
  (Object.keys(limits) as (keyof typeof limits)[]).some((name) => outside(form, name)) ||
  waits.some((name) => badWait(form, name))

const days = (value: number | undefined) => (value === undefined ? '' : String(value))
const number = (text: string) => (text.trim() === '' ? undefined : Number(text))

export function toForm(name: string, rules: Rules): RulesForm {
  const amounts = amountsIn(rules)
  const currencies = [...new Set(moneyFields.flatMap((field) => Object.keys(amounts[field] ?? {})))].sort()
  const { timers = {} } = rules
  return {
    name,
    window_days: rules.window_days,
    answer_hours: rules.answer_hours,
    ship_back_days: rules.ship_back_days,
    inspect_hours: rules.inspect_hours,
    payout_hours: rules.payout_hours,
    shipping: rules.shipping,
    full_shipping: rules.full_shipping,
    reasons: rules.reasons.map(({ code, photos, freight, window_days, claim, cure_days, auto_approve, ...rest }) => ({
      code,
      photos,
      freight,
      window: days(window_days),
      claim: claim ?? '',
      cure: days(cure_days),
      auto: moneyText(auto_approve),
      rest,
    })),
    categories: Object.entries(rules.categories ?? {}).map(
      ([key, { window_days, final, why, once_opened, traits, auto_approve, ...rest }]) => ({
        name: key,
        window: days(window_days),
        final: final ?? false,
        why: why ?? '',
        opened: once_opened ?? false,
        traits: (traits ?? []).join(', '),
        auto: moneyText(auto_approve),
        rest,
      }),
    ),
    money: currencies.map((currency) => ({
      currency,
      ...(Object.fromEntries(
        moneyFields.map((field) => [field, written(amounts[field]?.[currency], currency)]),
      ) as Record<MoneyField, string>),
    })),
    preset: rules.preset ?? '',
    timers: Object.fromEntries(waits.map((wait) => [wait, days(timers[wait] || undefined)])) as Record<Wait, string>,
    working_days: timers.working_days ?? false,
    calendar: timers.calendar ?? '',
    kinds: [...(rules.kinds ?? [])],
    promotions: rules.promotions ?? 'keep',
    tender: rules.tender ?? 'component',
    silence: rules.silence ?? 'call',
    restocking_fee: rules.restocking_fee ?? 0,
    price_protection_days: rules.price_protection_days ?? 0,
    hold_days: rules.exchange?.hold_days ?? 0,
    after: rules.advance?.after ?? '',
    extra: toExtra(rules),
    other: Object.fromEntries(Object.entries(rules).filter(([key]) => !known.has(key))),
  }
}

/** An object without its empty parts, or nothing when nothing is left. */
function filled<T extends object>(name: string, value: T): Record<string, T> {
  const parts = Object.entries(value).filter(
    ([, part]) =>
      part !== undefined &&
      part !== '' &&
      part !== false &&
      part !== 0 &&
      (typeof part !== 'object' || Object.keys(part as object).length > 0),
  )
  return parts.length ? { [name]: Object.fromEntries(parts) as T } : {}
}

const some = (name: string, amounts: Amounts | undefined) =>
  amounts && Object.keys(amounts).length ? { [name]: amounts } : {}

export function toRules(form: RulesForm): Rules {
  const amounts = (field: MoneyField) => {
    const all: Amounts = {}
    for (const row of form.money) {
      const minor = minorUnits(row[field], row.currency)
      if (row.currency && minor !== undefined) all[row.currency.toUpperCase()] = minor
    }
    return all
  }
  const bulk = amounts('bulk')
  return {
    ...form.other,
    window_days: form.window_days,
    categories: Object.fromEntries(
      form.categories
        .filter((one) => one.name.trim())
        .map((one) => [
          one.name.trim(),
          {
            ...one.rest,
            ...(number(one.window) === undefined ? {} : { window_days: number(one.window)! }),
            ...(one.final ? { final: true, ...(one.why ? { why: one.why as NonNullable<RuleCategory['why']> } : {}) } : {}),
            ...(one.final && one.opened ? { once_opened: true } : {}),
            ...(words(one.traits).length ? { traits: words(one.traits) } : {}),
            ...some('auto_approve', moneyOf(one.auto)),
          },
        ]),
    ),
    reasons: form.reasons.map((one) => ({
      ...one.rest,
      code: one.code.trim(),
      photos: one.photos,
      freight: one.freight,
      ...(number(one.window) === undefined ? {} : { window_days: number(one.window)! }),
      ...(one.claim ? { claim: one.claim } : {}),
      ...(number(one.cure) === undefined ? {} : { cure_days: number(one.cure)! }),
      ...some('auto_approve', moneyOf(one.auto)),
    })),
    auto_approve: amounts('auto'),
    label_fee: amounts('fee'),
    shipping: form.shipping,
    full_shipping: form.full_shipping,
    answer_hours: form.answer_hours,
    ship_back_days: form.ship_back_days,
    inspect_hours: form.inspect_hours,
    payout_hours: form.payout_hours,
    ...(form.preset ? { preset: form.preset } : {}),
    ...filled('timers', {
      ...Object.fromEntries(waits.map((wait) => [wait, number(form.timers[wait])])),
      working_days: form.working_days,
      calendar: form.calendar.trim().toUpperCase(),
    }),
    ...(form.kinds.length ? { kinds: form.kinds } : {}),
    ...(form.promotions === 'keep' ? {} : { promotions: form.promotions }),
    ...(form.tender === 'component' ? {} : { tender: form.tender }),
    ...(form.silence === 'call' ? {} : { silence: form.silence }),
    ...(form.restocking_fee ? { restocking_fee: form.restocking_fee } : {}),
    ...filled('returnless', { below: amounts('below') }),
    ...filled('advance', { max: amounts('advance'), after: form.after }),
    ...filled('exchange', { hold_days: form.hold_days }),
    ...(form.price_protection_days ? { price_protection_days: form.price_protection_days } : {}),
    ...filled('compensation', {
      goodwill: amounts('goodwill'),
      promise: amounts('promise'),
      statutory: amounts('statutory'),
    }),
    ...(Object.keys(bulk).length ? { bulk_limit: bulk } : {}),
    ...fromExtra(form.extra),
  }
}

/** The window and the times of a kind of channel; everything else stays as it is. */
export function withPreset(form: RulesForm, pack: PolicyPreset): RulesForm {
  const { answer_hours, ship_back_days, inspect_hours, payout_hours } = pack.timers
  return {
    ...form,
    preset: pack.name,
    window_days: pack.window_days,
    answer_hours,
    ship_back_days,
    inspect_hours,
    payout_hours,
    timers: Object.fromEntries(waits.map((wait) => [wait, ''])) as Record<Wait, string>,
  }
}

/** Whether something that was written as an amount is none. */
export const anyBadAmount = (form: RulesForm): boolean =>
  badExtra(form.extra) ||
  [...form.reasons, ...form.categories].some((row) => moneyOf(row.auto) === undefined) ||
  form.money.some((row) => moneyFields.some((field) => Number.isNaN(minorUnits(row[field], row.currency))))

/** The complaint about a field; the server names it with or without "rules." in front, and rows as reasons[2].code. */
export function complaint(errors: FieldError[], field: string): FieldError | undefined {
  return errors.find((one) => plainPath(one.field) === field)
}
