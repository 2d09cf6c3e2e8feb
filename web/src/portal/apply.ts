import { computed, reactive, ref, watch, type ComputedRef } from 'vue'
import type { Case, CaseRequest, Kind, Order, OrderLine, QuoteRequest, Reason, WantedItem } from '@/api/types'
import { lang, t, type Key } from '@/i18n'
import { parseAmount, writeAmount } from '@/lib/amount'
import { draftName, fromCase, keepDraft, readDraft, type DraftItem } from './draft'
import { useShared } from './tabs'
import { useWhereto } from '@/lib/whereto'
import { needsReason, only, room, undelivered, wantable } from './kinds'

/** The reasons for which a line can be asked about. */
export function openReasons(line: OrderLine, reasons: Reason[]): Reason[] {
  const open = line.returnable.reasons
  return open && !undelivered(line) ? reasons.filter((reason) => open.includes(reason.code)) : reasons
}

export type Missing = { line: number; what: 'items' | 'reason' | 'photos' | 'lower' | 'amount' | 'address'; text: string }
export interface Chosen {
  line: OrderLine
  quantity: number
  reason?: Reason
}

const lack = (line: number, what: Missing['what'], text: Key, values = {}): Missing => ({
  line,
  what,
  text: t(text, values),
})

/** What the customer is filling in for one order: the draft, what is still missing, and the requests it makes. */
export function useApplication(current: () => Order, kind: () => Kind, again?: Case, gone = () => {}) {
  const key = draftName(current().id, again?.id)
  const start = again && fromCase(again)
  const draft = reactive(readDraft(current(), key, start))
  /** Photos on their way and photos that did not arrive, by line; 0 is the request as a whole. */
  const uploads = reactive<Record<number, { sending: number; failed: number }>>({})
  const tried = ref(false)
  /** Another place for the new goods than the order's; kept in no draft: it is personal. */
  const where = useWhereto()
  const elsewhere = ref(false)
  const delivers = () => !again && (kind() === 'exchange' || kind() === 'reship')
  const typed = () => elsewhere.value || !current().ship_to
  const shared = useShared(key, () => follow(current()), gone)
  watch(draft, () => shared.write(() => keepDraft(key, draft)))
  // Read again, what was filled in may no longer fit: another return took a piece, a reason is gone.
  watch(current, (order) => Object.assign(draft, readDraft(order, key, start)))
  /** Another tab went on: what it has taken away goes here as well. */
  function follow(order: Order): void {
    const now = readDraft(order, key)
    for (const name of Object.keys(draft) as (keyof typeof draft)[]) if (!(name in now)) delete draft[name]
    Object.assign(draft, now)
  }

  const most = (line: OrderLine) => room(line, kind()) || 1
  const chosen: ComputedRef<Chosen[]> = computed(() =>
    current()
      .lines.filter((line) => draft.items[line.no])
      .map((line) => {
        const item = draft.items[line.no]!
        const quantity = Math.min(item.quantity, most(line))
        return { line, quantity, reason: current().reasons.find((known) => known.code === item.reason) }
      }),
  )

  function choose(line: OrderLine, on: boolean): void {
    uploads[line.no] = { sending: 0, failed: 0 }
    if (on) draft.items[line.no] = { quantity: wantable(line) || 1, reason: '', photos: [] }
    else delete draft.items[line.no]
  }

  const sending = computed(() => Object.values(uploads).reduce((sum, one) => sum + one.sending, 0))
  const lower = (item: DraftItem) => parseAmount(item.lower ?? '', current().currency)
  const amount = computed(() => parseAmount(draft.amount ?? '', current().currency))

  const missing = computed<Missing[]>(() => {
    if (!chosen.value.length) return [lack(0, 'items', 'apply.missing.items')]
    const all = chosen.value.flatMap(({ line, reason }): Missing[] => {
      const item = draft.items[line.no]!
      if (kind() === 'price_protection') {
        const price = lower(item)
        const paid = writeAmount(line.unit_price.minor, current().currency)
        if (price === undefined) return [lack(line.no, 'lower', 'apply.missing.lower')]
        return price < line.unit_price.minor ? [] : [lack(line.no, 'lower', 'apply.missing.lower_than', { most: paid })]
      }
      if (!needsReason(kind())) return []
      if (!reason) return [lack(line.no, 'reason', 'apply.missing.reason')]
      if (uploads[line.no]?.failed) return [lack(line.no, 'photos', 'apply.missing.failed')]
      if (reason.photos !== 'required' || item.photos.length) return []
      return [lack(line.no, 'photos', 'apply.missing.photos')]
    })
    if (kind() === 'compensation' && !amount.value) all.push(lack(0, 'amount', 'apply.missing.amount'))
    const begun = Object.values(where.form).some((text) => text.trim())
    if (delivers() && (elsewhere.value || (typed() && begun)) && where.gap())
      all.push(lack(0, 'address', 'whereto.missing'))
    if (!needsReason(kind()) && uploads[0]?.failed) all.push(lack(0, 'photos', 'apply.missing.failed'))
    return all
  })
  const errorFor = (line: number, what: Missing['what']) =>
    tried.value ? (missing.value.find((gap) => gap.line === line && gap.what === what)?.text ?? '') : ''

  const wanted = (): WantedItem[] =>
    chosen.value.map(({ line, quantity, reason }) => {
      const item = draft.items[line.no]!
      return {
        line: line.no,
        quantity,
        ...(reason && { reason: reason.code }),
        ...(item.sku && item.sku !== line.sku && { sku: item.sku }),
        ...(lower(item) !== undefined && { lower: lower(item) }),
      }
    })
  const ask = () => ({
    order: current().id,
    kind: kind(),
    intercept: draft.intercept,
    credit: draft.credit,
    basis: draft.basis ?? 'promise',
    amount: amount.value,
  })

  /** The chosen goods with their reasons, before it is known what is asked for. */
  const base = computed<QuoteRequest | undefined>(() => {
    const items = wanted().map(({ line, quantity, reason }) => ({ line, quantity, ...(reason && { reason }) }))
    return items.length ? { order: current().id, items } : undefined
  })

  const ready = computed(() => missing.value.every((gap) => gap.what === 'photos' || gap.what === 'address'))
  const question = computed<QuoteRequest | undefined>(() =>
    ready.value ? only<QuoteRequest>({ ...ask(), items: wanted() } as QuoteRequest) : undefined,
  )

  function request(): CaseRequest {
    const reasons = needsReason(kind())
    const items = wanted().map((item) => {
      const { photos } = draft.items[item.line]!
      const none = current().reasons.find((one) => one.code === item.reason)?.photos === 'none'
      return reasons && !none && photos.length ? { ...item, photos: photos.map((photo) => photo.id) } : item
    })
    const comment = draft.comment.trim()
    const photos = reasons ? [] : (draft.photos ?? []).map((photo) => photo.id)
    const made = { ...ask(), items, photos, language: lang.value, ...(comment && { comment }) } as CaseRequest
    if (delivers() && typed() && !where.gap()) made.address = where.body()
    else if (delivers() && !typed()) made.address_right = true
    return only(made)
  }

  return { key, draft, uploads, tried, where, elsewhere, delivers, chosen, choose, sending, missing, errorFor, base, question, request }
}
export type Application = ReturnType<typeof useApplication>
