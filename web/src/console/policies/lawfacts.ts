import type { PolicyTest } from '@/api/policy'
import { t, type Key } from '@/i18n'
import { blank, otherFact, type Fact, type FactType } from './facts'

// Facts of the law that an example may state, by the names that packs have for
// them. The usual ones are offered; any other may be written by its name.

const usual: [string, FactType, string[]?][] = [
  ['buyer.type', 'choice', ['consumer', 'business']],
  ['seller.country', 'text'],
  ['told.right', 'bool'],
  ['told.return_cost', 'bool'],
  ['traits.custom', 'bool'],
  ['traits.second_hand', 'bool'],
  ['use.opened', 'bool'],
  ['use.damaged', 'bool'],
  ['defect.major', 'bool'],
  ['repair.failed', 'number'],
  ['repair.refused', 'bool'],
]
const numbers = /(_fee|_value|price|quantity|_km|_days|_total|_ppm|tries|failed|swaps|loss|percent|free_from|\.fee)$/
const texts = /^(zone|currency|claim|channel)$|^(law\.|seller\.country|buyer\.residence|buyer\.type|item\.category)/

const typeOf = (name: string): FactType => {
  if (name === 'as_of' || /(\.at|_at|_until)$/.test(name)) return 'date'
  if (numbers.test(name)) return 'number'
  return texts.test(name) ? 'text' : 'bool'
}
const words = (name: string): string => t(`policy.fact.law.${name}` as Key)

/** The usual facts, and those that are stated besides. */
export function lawFacts(law: PolicyTest['law']): Fact[] {
  const known = usual.map(([name, type, options]) => ({
    name,
    type,
    label: words(name),
    options: options?.map((value) => ({ value, label: words(`${name}.${value}`) })),
  }))
  const others = Object.entries(law ?? {}).filter(([name]) => !usual.some(([one]) => one === name))
  return [...known, ...others.map(([name, value]) => ({ ...otherFact(name, value), type: typeOf(name) }))]
}
/** What a fact is when it is added by its name. */
export function firstValue(name: string): unknown {
  const type = typeOf(name)
  return type === 'bool' ? true : blank({ name, type, label: name })
}
/** The same example with one fact of the law changed; nothing takes it away. */
export function withLaw(test: PolicyTest, name: string, value: unknown): PolicyTest {
  const { law, ...rest } = test
  const { [name]: _, ...others } = law ?? {}
  const stated = value === undefined ? others : { ...others, [name]: value }
  return Object.keys(stated).length ? { ...rest, law: stated } : rest
}
