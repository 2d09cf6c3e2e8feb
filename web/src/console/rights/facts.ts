import { parseAmount } from '@/lib/amount'

export const channels = ['web', 'live', 'app', 'phone', 'tv', 'mail', 'doorstep', 'store', 'auction'] as const
export const claims = ['change_of_mind', 'defect', 'not_delivered', 'fraud', 'unsafe_food'] as const
export const buyers = ['consumer', 'business'] as const
export const traits = [
  'custom',
  'perishable',
  'sealed_hygiene',
  'sealed_media',
  'digital',
  'periodical',
  'second_hand',
  'final_sale',
  'motor_vehicle',
] as const
export const uses = ['opened', 'seal_broken', 'beyond_test', 'activated', 'tag_removed', 'damaged'] as const
export const tellings = ['', 'yes', 'no'] as const

/** Kinds of articles that laws know by name. */
export const kinds = [
  'phone',
  'laptop',
  'pc',
  'tv',
  'fridge',
  'washer',
  'air_conditioner',
  'microwave',
  'bicycle',
  'car',
  'food',
  'cosmetics',
  'medical',
] as const

/** What the form of a question to the law holds. */
export interface Purchase {
  place: string
  seller: string
  channel: (typeof channels)[number]
  claim: (typeof claims)[number]
  buyer: (typeof buyers)[number]
  bought: string
  came: string
  today: string
  found: string
  /** As it was written, in the currency; empty: not known. */
  price: string
  currency: string
  kind: string
  traits: string[]
  used: string[]
  told: '' | 'yes' | 'no'
  more: string
}

const two = (n: number) => String(n).padStart(2, '0')
/** A day so many days later, as the calendar here has it. */
export const shift = (date: Date, days: number): string => {
  const moved = new Date(date)
  moved.setDate(moved.getDate() + days)
  return `${moved.getFullYear()}-${two(moved.getMonth() + 1)}-${two(moved.getDate())}`
}

/** A purchase somebody could have made last week. */
export const example = (place: string, now = new Date()): Purchase => ({
  place,
  seller: '',
  channel: 'web',
  claim: 'change_of_mind',
  buyer: 'consumer',
  bought: shift(now, -6),
  came: shift(now, -3),
  today: shift(now, 0),
  found: '',
  price: '',
  currency: 'CNY',
  kind: '',
  traits: [],
  used: [],
  told: '',
  more: '',
})

type Facts = Record<string, unknown>
const isObject = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const flags = (names: string[]) => Object.fromEntries(names.map((name) => [name, true]))

function merge(into: Facts, more: Facts): Facts {
  const all = { ...into }
  for (const [name, value] of Object.entries(more)) {
    const had = all[name]
    all[name] = isObject(had) && isObject(value) ? merge(had, value) : value
  }
  return all
}

/** The price in the smallest unit; nothing where it is not known, undefined where it is no amount. */
export const priceOf = (one: Purchase): number | '' | undefined =>
  one.price.trim() ? parseAmount(one.price, one.currency) : ''

/** The facts as the server takes them: what is not known is left out. Undefined: the further facts are no JSON object, or the price is no amount. */
export function asFacts(one: Purchase): Facts | undefined {
  let more: unknown = {}
  try {
    if (one.more.trim()) more = JSON.parse(one.more)
  } catch {
    return undefined
  }
  if (!isObject(more)) return undefined
  const price = priceOf(one)
  if (price === undefined) return undefined
  const item = { ...(one.kind ? { category: one.kind } : {}), ...(price === '' ? {} : { price }) }
  const place = one.place.trim()
  const facts: Facts = {
    as_of: one.today,
    claim: one.claim,
    channel: one.channel,
    buyer: { residence: place, type: one.buyer },
    seller: { country: one.seller || place.slice(0, 2), targets_residence: true },
    ...(one.bought ? { contract: { at: one.bought } } : {}),
    ...(one.came ? { delivery: { at: one.came } } : {}),
    ...(price === '' ? {} : { currency: one.currency }),
    ...(Object.keys(item).length ? { item } : {}),
    ...(one.traits.length ? { traits: flags(one.traits) } : {}),
    ...(one.used.length ? { use: flags(one.used) } : {}),
    ...(one.told ? { told: { right: one.told === 'yes' } } : {}),
    ...(one.claim === 'change_of_mind' ? { notice: { sent_at: one.today } } : {}),
    ...(one.claim === 'defect' && one.found ? { defect: { found_at: one.found } } : {}),
  }
  return merge(facts, more)
}
