import { computed, reactive, ref, watch } from 'vue'
import type { CaseRequest, Order, OrderLine, QuoteRequest, Reason } from '@/api/types'
import { lang, t } from '@/i18n'
import { keepDraft, readDraft } from './draft'

/** The reasons for which a line can go back. */
export function openReasons(line: OrderLine, reasons: Reason[]): Reason[] {
  const open = line.returnable.reasons
  return open ? reasons.filter((reason) => open.includes(reason.code)) : reasons
}

export type Missing = { line: number; what: 'items' | 'reason' | 'photos'; text: string }
export interface Chosen {
  line: OrderLine
  quantity: number
  reason?: Reason
}

/** What the customer is filling in for one order: the draft, what is still missing, and the requests it makes. */
export function useApplication(current: () => Order) {
  const draft = reactive(readDraft(current()))
  /** Photos on their way and photos that did not arrive, by line. */
  const uploads = reactive<Record<number, { sending: number; failed: number }>>({})
  const tried = ref(false)
  watch(draft, () => keepDraft(current().id, draft))
  // Read again, what was filled in may no longer fit: another return took a piece, a reason is gone.
  watch(current, (order) => Object.assign(draft, readDraft(order)))

  const chosen = computed<Chosen[]>(() =>
    current()
      .lines.filter((line) => draft.items[line.no])
      .map((line) => {
        const item = draft.items[line.no]!
        return { line, quantity: item.quantity, reason: current().reasons.find((known) => known.code === item.reason) }
      }),
  )

  function choose(line: OrderLine, on: boolean): void {
    uploads[line.no] = { sending: 0, failed: 0 }
    if (on) draft.items[line.no] = { quantity: line.returnable.count, reason: '', photos: [] }
    else delete draft.items[line.no]
  }

  const sending = computed(() => chosen.value.reduce((sum, item) => sum + (uploads[item.line.no]?.sending ?? 0), 0))

  const missing = computed<Missing[]>(() => {
    if (!chosen.value.length) return [{ line: 0, what: 'items', text: t('apply.missing.items') }]
    return chosen.value.flatMap(({ line, reason }): Missing[] => {
      if (!reason) return [{ line: line.no, what: 'reason', text: t('apply.missing.reason') }]
      if (uploads[line.no]?.failed) return [{ line: line.no, what: 'photos', text: t('apply.missing.failed') }]
      const photos = draft.items[line.no]!.photos.length
      if (reason.photos !== 'required' || photos > 0) return []
      return [{ line: line.no, what: 'photos', text: t('apply.missing.photos') }]
    })
  })
  const errorFor = (line: number, what: Missing['what']) =>
    tried.value ? (missing.value.find((gap) => gap.line === line && gap.what === what)?.text ?? '') : ''

  const question = computed<QuoteRequest | undefined>(() => {
    const items = chosen.value
      .filter((item) => item.reason)
      .map((item) => ({ line: item.line.no, quantity: item.quantity, reason: item.reason!.code }))
    return items.length ? { order: current().id, items } : undefined
  })

  function request(): CaseRequest {
    const items = chosen.value.map(({ line, quantity, reason }) => {
      const photos = reason!.photos === 'none' ? [] : draft.items[line.no]!.photos.map((photo) => photo.id)
      return { line: line.no, quantity, reason: reason!.code, ...(photos.length ? { photos } : {}) }
    })
    const comment = draft.comment.trim()
    return { order: current().id, items, ...(comment ? { comment } : {}), photos: [], language: lang.value }
  }

  return { draft, uploads, tried, chosen, choose, sending, missing, errorFor, question, request }
}
export type Application = ReturnType<typeof useApplication>
