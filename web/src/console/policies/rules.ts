import type { Rules } from '@/api/staff'
import type { FieldError } from '@/lib/problem'

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
  reasons: { code: string; photos: 'none' | 'optional' | 'required'; freight: 'seller' | 'customer'; window: string }[]
  categories: { name: string; window: string; final: boolean; why: string }[]
  money: { currency: string; auto: string; fee: string }[]
}
export const reasonsWhy = ['hygiene', 'perishable', 'digital', 'custom_made', 'clearance', 'other'] as const
/** From and to of the numbers. */
export const limits = {
  window_days: [0, 36500],
  answer_hours: [1, 720],
  ship_back_days: [1, 180],
  inspect_hours: [1, 1440],
  payout_hours: [1, 720],
} as const
export const hours = ['answer_hours', 'ship_back_days', 'inspect_hours', 'payout_hours'] as const

/** Whether a number is outside its limits, or no whole number at all. */
export function outside(form: RulesForm, name: keyof typeof limits): boolean {
  const [from, to] = limits[name]
  return !Number.isInteger(form[name]) || form[name] < from || form[name] > to
}
export const anyOutside = (form: RulesForm): boolean =>
  (Object.keys(limits) as (keyof typeof limits)[]).some((name) => outside(form, name))

/** Digits behind the point of a currency; 2 for what is no currency (the server says so). */
export function digits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}
/** Minor units as people write them: 50000 CNY is 500.00. */
export function written(minor: number | undefined, currency: string): string {
  return minor === undefined ? '' : (minor / 10 ** digits(currency)).toFixed(digits(currency))
}
/** What was written as minor units; undefined when it is empty, NaN when it is no amount of the currency. */
export function minorUnits(text: string, currency: string): number | undefined {
  const clean = text.trim().replace(/,/g, '')
  if (!clean) return undefined
  const places = digits(currency)
  const shape = new RegExp(`^(\\d{1,12})(?:\\.(\\d{0,${places}}))?$`)
  const found = shape.exec(clean)
  if (!found) return Number.NaN
  return Number(found[1]! + (found[2] ?? '').padEnd(places, '0'))
}

const days = (value: number | undefined) => (value === undefined ? '' : String(value))
const number = (text: string) => (text.trim() === '' ? undefined : Number(text))

export function toForm(name: string, rules: Rules): RulesForm {
  const auto = rules.auto_approve ?? {}
  const fee = rules.label_fee ?? {}
  return {
    name,
    window_days: rules.window_days,
    answer_hours: rules.answer_hours,
    ship_back_days: rules.ship_back_days,
    inspect_hours: rules.inspect_hours,
    payout_hours: rules.payout_hours,
    shipping: rules.shipping,
    full_shipping: rules.full_shipping,
    reasons: rules.reasons.map((one) => ({
      code: one.code,
      photos: one.photos,
      freight: one.freight,
      window: days(one.window_days),
    })),
    categories: Object.entries(rules.categories ?? {}).map(([key, one]) => ({
      name: key,
      window: days(one.window_days),
      final: one.final ?? false,
      why: one.why ?? '',
    })),
    money: [...new Set([...Object.keys(auto), ...Object.keys(fee)])].sort().map((currency) => ({
      currency,
      auto: written(auto[currency], currency),
      fee: written(fee[currency], currency),
    })),
  }
}

export function toRules(form: RulesForm): Rules {
  const amounts = (field: 'auto' | 'fee') => {
    const all: Record<string, number> = {}
    for (const row of form.money) {
      const minor = minorUnits(row[field], row.currency)
      if (row.currency && minor !== undefined) all[row.currency.toUpperCase()] = minor
    }
    return all
  }
  return {
    window_days: form.window_days,
    categories: Object.fromEntries(
      form.categories
        .filter((one) => one.name.trim())
        .map((one) => [
          one.name.trim(),
          {
            ...(number(one.window) === undefined ? {} : { window_days: number(one.window)! }),
            ...(one.final ? { final: true, ...(one.why ? { why: one.why } : {}) } : {}),
          },
        ]),
    ),
    reasons: form.reasons.map((one) => ({
      code: one.code.trim(),
      photos: one.photos,
      freight: one.freight,
      ...(number(one.window) === undefined ? {} : { window_days: number(one.window)! }),
    })),
    auto_approve: amounts('auto'),
    label_fee: amounts('fee'),
    shipping: form.shipping,
    full_shipping: form.full_shipping,
    answer_hours: form.answer_hours,
    ship_back_days: form.ship_back_days,
    inspect_hours: form.inspect_hours,
    payout_hours: form.payout_hours,
  }
}

const plain = (name: string) => name.replace(/^(body\.)?rules\./, '').replace(/\[(\d+)\]/g, '.$1')

/** The complaint about a field; the server names it with or without "rules." in front, and rows as reasons[2].code. */
export function complaint(errors: FieldError[], field: string): FieldError | undefined {
  return errors.find((one) => plain(one.field) === field)
}
