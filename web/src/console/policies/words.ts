// The rules of the API have a part named then; nobody awaits them.
/* oxlint-disable unicorn/no-thenable */
import { lang, t, tOr, type Key } from '@/i18n'
import { money } from '@/lib/format'
import { reasonText } from '../reasons'
import { plainPath } from './jsonmap'

// Paths and values of rules in words, for people who do not read JSON.

/** Settings whose name a form shows as well. */
const names: Record<string, Key> = {
  name: 'policies.name',
  note: 'policy.note',
  expect: 'policy.expected',
  request: 'policy.request',
  tests: 'policy.tests',
  window_days: 'policies.window_days',
  categories: 'policies.categories',
  reasons: 'policies.reasons_short',
  auto_approve: 'policies.amount.auto',
  label_fee: 'policies.amount.fee',
  shipping: 'policies.shipping',
  full_shipping: 'policies.full_shipping',
  answer_hours: 'policies.answer_hours',
  ship_back_days: 'policies.ship_back_days',
  inspect_hours: 'policies.inspect_hours',
  payout_hours: 'policies.payout_hours',
  preset: 'policies.preset',
  timers: 'policies.times',
  kinds: 'policies.kinds',
  promotions: 'policies.promotions',
  tender: 'policies.tender',
  silence: 'policies.silence',
  restocking_fee: 'policies.restocking_fee',
  price_protection_days: 'policies.price_protection_days',
  returnless: 'policies.amount.below',
  advance: 'policies.amount.advance',
  exchange: 'policy.offer.exchange',
  hold_days: 'policies.hold_days',
  compensation: 'policy.compensation',
  goodwill: 'policies.amount.goodwill',
  promise: 'policies.amount.promise',
  statutory: 'policies.amount.statutory',
  bulk_limit: 'policies.amount.bulk',
  markets: 'policy.markets',
  parent: 'policy.parent',
  conditions: 'policy.conditions',
  tiers: 'policy.tiers',
  promises: 'policy.promises',
  offers: 'policy.offers',
  evidence: 'policy.evidence',
  photos: 'policies.photos',
  freight: 'policies.freight',
  claim: 'policy.claim',
  cure_days: 'policy.cure_days',
  final: 'policies.final',
  why: 'policies.why',
  once_opened: 'policy.once_opened',
  traits: 'policy.traits',
  id: 'policy.id',
  code: 'policy.id',
  when: 'policy.when',
  then: 'policy.then',
  outcome: 'policy.outcome',
  needs: 'policy.question',
  says: 'policy.says',
  phases: 'policy.phases',
  multiple: 'policy.multiple',
  min: 'policy.at_least',
  max: 'policy.at_most',
  basis: 'policy.basis',
  offer: 'policy.offer',
  percent: 'policy.percent',
  amount: 'policy.offer_amount',
  only_on_demand: 'policy.only',
  above: 'policy.above',
  ask: 'policy.evidence',
  below: 'policies.amount.below',
  working_days: 'policies.working_days',
  calendar: 'policies.calendar',
  offer_hours: 'policies.wait.offer_hours',
  transit_days: 'policies.wait.transit_days',
  escalate_days: 'policies.wait.escalate_days',
  confirm_days: 'policies.wait.confirm_days',
  payment_hours: 'policies.wait.payment_hours',
  advance_days: 'policies.wait.advance_days',
  late_days: 'policies.wait.late_days',
}
/** Below these, names are the shop's own. */
const own = new Set(['categories', 'tiers'])
const moneyIn = new Set([
  'auto_approve',
  'label_fee',
  'below',
  'max',
  'min',
  'bulk_limit',
  'goodwill',
  'promise',
  'statutory',
  'amount',
  'above',
  'returnless',
  'advance',
])

function part(name: string, before: string): string {
  if (own.has(before)) return name
  if (before === 'reasons') return /^\d+$/.test(name) ? t('policy.nth', { n: Number(name) + 1 }) : reasonText(name)
  if (/^\d+$/.test(name)) return t('policy.nth', { n: Number(name) + 1 })
  const known = names[name]
  return known ? t(known) : name
}
/** "Reasons › No. 2 › Own window" */
export function pathWords(path: string): string {
  const parts = plainPath(path).split('.').filter(Boolean)
  if (!parts.length) return t('policy.whole')
  return parts.map((one, index) => part(one, parts[index - 1] ?? '')).join(' › ')
}
/** The panel of the form that a path belongs to. */
export const sectionOf = (path: string): string => plainPath(path).split('.')[0] ?? ''
export const sectionWords = (section: string): string => part(section, '')

const texts: Record<string, (value: string) => string> = {
  freight: (one) => tOr(`policies.freight.${one}`, one),
  photos: (one) => tOr(`policies.photos.${one}`, one),
  shipping: (one) => tOr(`policies.shipping.${one}`, one),
  outcome: (one) => tOr(`policy.outcome.${one}`, one),
  why: (one) => tOr(`policies.why.${one}`, one),
  claim: (one) => tOr(`policy.claim.${one}`, one),
  offer: (one) => tOr(`policy.offer.${one}`, one),
  kinds: (one) => tOr(`kind.${one}`, one),
  evidence: (one) => tOr(`policy.evidence.${one}`, one),
  ask: (one) => tOr(`policy.evidence.${one}`, one),
  reasons: reasonText,
  promotions: (one) => tOr(`policies.promotions.${one}`, one),
  tender: (one) => tOr(`policies.tender.${one}`, one),
  silence: (one) => tOr(`policies.silence.${one}`, one),
  preset: (one) => tOr(`policies.preset.${one}`, one),
}
const isMoney = (parts: string[]): boolean =>
  /^[A-Z]{3}$/.test(parts.at(-1) ?? '') && parts.slice(0, -1).some((one) => moneyIn.has(one))

/** A value of rules as people say it: money with its currency, yes and no, the words of choices. */
export function valueWords(value: unknown, path: string): string {
  const parts = plainPath(path).split('.')
  const last = parts.findLast((one) => !/^\d+$/.test(one)) ?? ''
  if (value === undefined || value === null || value === '') return t('policy.nothing')
  if (typeof value === 'boolean') return t(value ? 'policy.yes' : 'policy.no')
  if (typeof value === 'number') {
    if (isMoney(parts)) return money({ minor: value, currency: parts.at(-1)! }, lang.value)
    return new Intl.NumberFormat(lang.value).format(value)
  }
  if (typeof value === 'string') return texts[last]?.(value) ?? value
  if (Array.isArray(value)) {
    if (!value.length) return t('policy.nothing')
    return value
      .map((one) => (typeof one === 'object' ? inside(one as object, path) : valueWords(one, path)))
      .join('\n')
  }
  return inside(value as object, path)
}
function inside(value: object, path: string): string {
  const all = Object.entries(value)
  if (!all.length) return t('policy.nothing')
  const last = plainPath(path).split('.').at(-1) ?? ''
  return all
    .map(([name, one]) =>
      /^[A-Z]{3}$/.test(name) && typeof one === 'number' && moneyIn.has(last)
        ? money({ minor: one, currency: name }, lang.value)
        : `${part(name, last)}: ${valueWords(one, `${path}.${name}`).replaceAll('\n', '; ')}`,
    )
    .join('\n')
}
