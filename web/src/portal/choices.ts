import { onScopeDispose, reactive, shallowRef, watch } from 'vue'
import type { Kind, Quote, QuoteRequest } from '@/api/types'
import { lang } from '@/i18n'
import { api } from '@/lib/client'
import { kinds, needsReason, only } from './kinds'

const pause = 300

/** What the shop says of one kind of request for the chosen goods. */
export interface Choice {
  /** Unknown until the shop has answered; missing where it does not offer it. */
  quote?: Quote
  offered: boolean
}
export type Choices = Partial<Record<Kind, Choice>>

/** What asks whether a kind is offered where what it needs is not known yet; the amount of it means nothing. */
function probe(kind: Kind, base: QuoteRequest): QuoteRequest | undefined {
  if (!base.items.length) return undefined
  const items = base.items.filter((item) => !needsReason(kind) || item.reason)
  if (items.length < base.items.length) return undefined
  const made: QuoteRequest = { order: base.order, kind, items: items.map((item) => ({ ...item, lower: 0 })) }
  if (kind === 'compensation') Object.assign(made, { basis: 'goodwill', amount: 1 })
  return only(made)
}

const notOffered = (quote: Quote) => quote.decision.grounds.some((ground) => ground.code === 'kind_not_offered')
/** Of these the amount is the customer's own: the answer says only whether it can be asked for. */
const open = (kind: Kind) => kind === 'price_protection' || kind === 'compensation'

/**
 * Asks the shop about every kind at once whenever the goods or reasons change.
 * Nothing here decides what is possible: the answers do.
 */
export function useChoices(base: () => QuoteRequest | undefined) {
  const choices = reactive<Choices>({})
  const asking = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let current: AbortController | undefined

  async function one(kind: Kind, from: QuoteRequest, mine: AbortController): Promise<void> {
    const body = probe(kind, from)
    if (!body) {
      delete choices[kind]
      return
    }
    try {
      const quote = await api('POST /v1/my/quotes', { body, signal: mine.signal })
      if (current === mine)
        choices[kind] = open(kind) ? { offered: !notOffered(quote) } : { quote, offered: !notOffered(quote) }
      if (current === mine && open(kind) && quote.decision.outcome === 'refuse') choices[kind]!.quote = quote
    } catch {
      // A kind that is not possible for these goods, or not known now: the request itself will say why.
      if (current === mine) delete choices[kind]
    }
  }

  async function ask(): Promise<void> {
    const from = base()
    const mine = new AbortController()
    current = mine
    if (!from) {
      for (const kind of kinds) delete choices[kind]
      asking.value = false
      return
    }
    await Promise.all(kinds.map((kind) => one(kind, from, mine)))
    if (current === mine) asking.value = false
  }

  watch(
    [() => JSON.stringify(base() ?? null), lang],
    () => {
      clearTimeout(timer)
      current?.abort()
      asking.value = base() !== undefined
      timer = setTimeout(() => void ask(), asking.value ? pause : 0)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    current?.abort()
    current = undefined
  })
  return { choices, asking }
}

/** Whether a kind is refused while another one is not: then there is something better to choose. */
export function closed(choices: Choices, kind: Kind): boolean {
  const refused = (one: Kind) => choices[one]?.quote?.decision.outcome === 'refuse'
  return refused(kind) && kinds.some((other) => choices[other]?.offered && !refused(other))
}

/** The first kind that the shop would not refuse. */
export function firstOpen(choices: Choices): Kind | undefined {
  return kinds.find((kind) => {
    const choice = choices[kind]
    return needsReason(kind) && choice?.offered && choice.quote && choice.quote.decision.outcome !== 'refuse'
  })
}

/** The parcel to the customer is under way, so that the carrier can be asked to bring it back. */
export const underWay = (choices: Choices): boolean =>
  ['refund_only', 'return_refund'].some((kind) =>
    choices[kind as Kind]?.quote?.decision.grounds.some((ground) =>
      ['in_transit', 'in_transit_needs_person'].includes(ground.code),
    ),
  )

/** Something can be asked for that leaves the goods where they are. */
export const moneyOnly = (choices: Choices): boolean =>
  kinds.some((kind) => open(kind) && choices[kind]?.offered && choices[kind]?.quote?.decision.outcome !== 'refuse')
