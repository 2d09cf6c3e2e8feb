import type { RuleQuestion, Rules, Sample, SampleGoods } from '@/api/policy'
import { t, type Key } from '@/i18n'
import { kinds } from '../case/kinds'
import { reasonText } from '../reasons'
import { phases } from '@/api/policy'

// The facts of an example by the names that expressions have for them, with
// what they are: so a form can offer the right field for each.

export type FactType = 'text' | 'number' | 'bool' | 'date' | 'money' | 'choice' | 'list'
export interface Fact {
  name: string
  type: FactType
  /** Of a choice; a text with suggestions where anything else may be said too. */
  options?: { value: string; label: string }[]
  /** Always there: it cannot be taken away. */
  needed?: boolean
  label: string
}
type Plain = Record<string, unknown>

const request: [string, FactType, needed?: boolean][] = [
  ['request.kind', 'choice', true],
  ['request.phase', 'choice', true],
  ['request.now', 'date', true],
  ['request.total', 'money', true],
  ['request.placed', 'date'],
  ['request.zone', 'text'],
  ['request.channel', 'text'],
  ['request.country', 'text'],
  ['request.region', 'text'],
  ['request.seller', 'text'],
  ['request.language', 'text'],
  ['request.photos', 'number'],
  ['request.verified', 'bool'],
  ['customer.tier', 'text'],
  ['customer.tier_at_purchase', 'text'],
  ['customer.orders', 'number'],
  ['customer.cases', 'number'],
  ['customer.refused', 'number'],
  ['customer.since', 'date'],
]
const line: [string, FactType, needed?: boolean][] = [
  ['item.reason', 'choice', true],
  ['item.paid', 'money', true],
  ['item.delivered', 'date'],
  ['item.category', 'text'],
  ['item.quantity', 'number'],
  ['item.title', 'text'],
  ['item.sku', 'text'],
  ['item.traits', 'list'],
  ['item.seller', 'text'],
  ['item.photos', 'number'],
]
const label = (name: string): string => t(`policy.fact.${name}` as Key)

/** What can be said about a request as a whole. */
export const requestFacts = (): Fact[] =>
  request.map(([name, type, needed = false]) => ({ name, type, needed, label: label(name), options: choicesOf(name) }))
function choicesOf(name: string): Fact['options'] {
  if (name === 'request.kind') return kinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))
  if (name === 'request.phase') return phases.map((one) => ({ value: one, label: t(`policy.phase.${one}`) }))
  return undefined
}
/** What can be said about a line of goods; reasons and categories are the policy's own. */
export function goodsFacts(rules: Rules | undefined): Fact[] {
  const reasons = [...new Set([...(rules?.reasons ?? []).map((one) => one.code), 'not_received'])].filter(Boolean)
  const options: Record<string, Fact['options']> = {
    'item.reason': reasons.map((value) => ({ value, label: reasonText(value) })),
    'item.category': Object.keys(rules?.categories ?? {}).map((value) => ({ value, label: value })),
  }
  return line.map(([name, type, needed = false]) => ({ name, type, needed, label: label(name), options: options[name] }))
}

const asked: Record<RuleQuestion['type'], FactType> = { bool: 'bool', date: 'date', number: 'number', choice: 'choice' }
/** Answers that the rules ask for, and the usual ones about use. */
export function knownFacts(rules: Rules | undefined, language: string): Fact[] {
  const all = new Map<string, Fact>()
  for (const { then } of rules?.conditions ?? [])
    for (const { name, type, choices, says } of then.needs ?? [])
      all.set(name, {
        name,
        type: asked[type],
        label: says?.[language] || name,
        options: type === 'choice' ? (choices ?? []).map((value) => ({ value, label: value })) : undefined,
      })
  for (const name of ['opened', 'seal_broken', 'activated', 'beyond_test', 'tag_removed', 'damaged', 'digital_started'])
    if (!all.has(`use.${name}`))
      all.set(`use.${name}`, { name: `use.${name}`, type: 'bool', label: t(`policy.fact.use.${name}` as Key) })
  return [...all.values()]
}
/** An answer that nobody asks for: what it is shows in its value. */
export const otherFact = (name: string, value: unknown): Fact => ({
  name,
  label: name,
  type: typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'number' : 'text',
})

const last = (name: string): string => name.slice(name.indexOf('.') + 1)
const empty: Record<FactType, unknown> = { text: '', number: 0, bool: true, date: '', money: 0, choice: '', list: [] }
/** What a fact is when it is first added. */
export const blank = (fact: Fact): unknown => {
  if (fact.type === 'date') return new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
  if (fact.type === 'choice') return fact.options?.[0]?.value ?? ''
  return fact.type === 'list' ? [] : empty[fact.type]
}

export function factOf(sample: Sample, name: string): unknown {
  if (name === 'request.kind') return sample.kind ?? 'return_refund'
  if (name === 'request.phase') return sample.phase ?? 'after_receipt'
  if (name === 'request.total') return sample.total.minor
  const from = (name.startsWith('customer.') ? sample.customer : sample) as Plain | undefined
  return from?.[last(name)]
}
const put = (into: Plain, name: string, value: unknown): Plain => {
  const { [name]: _, ...rest } = into
  return value === undefined ? rest : { ...rest, [name]: value }
}
/** The same request with one fact changed; nothing takes it away. */
export function withFact(sample: Sample, name: string, value: unknown): Sample {
  if (name === 'request.total') return { ...sample, total: { ...sample.total, minor: Number(value ?? 0) } }
  if (!name.startsWith('customer.')) return put(sample as unknown as Plain, last(name), value) as unknown as Sample
  const customer = put((sample.customer ?? {}) as Plain, last(name), value)
  return put(
    sample as unknown as Plain,
    'customer',
    Object.keys(customer).length ? customer : undefined,
  ) as unknown as Sample
}
export const goodsFact = (goods: SampleGoods, name: string): unknown => (goods as Plain)[last(name)]
export const withGoodsFact = (goods: SampleGoods, name: string, value: unknown): SampleGoods =>
  put(goods as Plain, last(name), value) as SampleGoods

/** An instant as a field for date and time shows it, in a zone. */
export function localTime(at: string, zone: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: known(zone), dateStyle: 'short', timeStyle: 'short' })
  return parts.format(date).replace(' ', 'T')
}
/** What was put into such a field as an instant; nothing for what is no time. */
export function instantOf(text: string, zone: string): string | undefined {
  const meant = Date.parse(`${text}Z`)
  if (Number.isNaN(meant)) return undefined
  let at = meant
  // Twice, for hours near a change of the clocks.
  for (let i = 0; i < 2; i++) at += meant - Date.parse(`${localTime(new Date(at).toISOString(), zone)}Z`)
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
function known(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone || 'UTC' }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}
