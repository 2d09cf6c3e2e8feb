import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import type { CasePage } from '@/api/staff'
import type { CaseState, CaseSummary, LiveEvent } from '@/api/types'
import { api } from '@/lib/client'
import { onLive, soon } from '../live'
import { queries } from '../query'
import { summaryOf } from '../words'

export interface Filter {
  tab: Tab
  q: string
  reason: string
  sort: 'newest' | 'oldest'
}

/** The tabs of the list: what one person works through at a time. */
export const tabs = {
  all: [],
  decide: ['submitted'],
  transit: ['await_return', 'returning'],
  inspect: ['inspecting'],
  refund: ['resolving'],
  over: ['completed', 'rejected', 'closed'],
} satisfies Record<string, CaseState[]>
export type Tab = keyof typeof tabs
export const tabNames = Object.keys(tabs) as Tab[]
const listed: Record<Tab, CaseState[]> = tabs

/** The filter as the server takes it. */
export function asQuery(filter: Filter): { state: string; q: string; reason: string; sort: string } {
  const sort = filter.sort === 'oldest' ? 'oldest' : ''
  return { state: listed[filter.tab].join(','), q: filter.q, reason: filter.reason, sort }
}

/** How many cases each tab has; undefined while not known. */
export function countTabs(counts: CasePage['counts']): Partial<Record<Tab, number>> {
  if (!counts) return {}
  const sum = (states: string[]) => states.reduce((all, state) => all + (counts[state as CaseState] ?? 0), 0)
  return Object.fromEntries(tabNames.map((tab) => [tab, sum(listed[tab].length ? listed[tab] : Object.keys(counts))]))
}

type Pages = InfiniteData<CasePage, string>
const replaceRow = (pages: Pages, row: CaseSummary): Pages => ({
  ...pages,
  pages: pages.pages.map((page) => ({ ...page, items: page.items.map((old) => (old.id === row.id ? row : old)) })),
})

/** Puts a case that was just read into every list that shows it, without moving a row. */
export function patchRow(row: CaseSummary): void {
  queries.setQueriesData<Pages>({ queryKey: ['cases'] }, (pages) => (pages ? replaceRow(pages, row) : pages))
}

const alone = 5
// Lost answers are no loss: the next event or the next look brings them.
const quiet = () => undefined

async function readRow(id: string): Promise<void> {
  const found = await api('GET /v1/cases/{id}', { path: { id } })
  queries.setQueryData(['case', id], found)
  patchRow(summaryOf(found))
}

/** The list of cases: pages of it, rows that follow what happens, and new ones that wait until they are asked for. */
export function useInbox(filter: Ref<Filter>) {
  const key = computed(() => ['cases', asQuery(filter.value)])
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      api('GET /v1/cases', { query: { ...asQuery(filter.value), cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    // Rows change one by one; reading the list again would move them.
    staleTime: Infinity,
  })
  const counts = useQuery({
    queryKey: computed(() => ['counts', filter.value.q, filter.value.reason]),
    queryFn: ({ signal }) =>
      api('GET /v1/cases', {
        query: { q: filter.value.q, reason: filter.value.reason, counts: true, limit: 1 },
        signal,
      }),
    placeholderData: (before) => before,
  })
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.items))
  const waiting = ref(new Set<string>())
  watch(key, () => (waiting.value = new Set()))

  /** Reads the first page beside the list: changes known rows and counts those that are new. */
  async function peek(): Promise<void> {
    const asked = key.value
    const page = await api('GET /v1/cases', { query: { ...asQuery(filter.value), limit: 50 } })
    if (asked !== key.value || !rows.value) return
    const known = new Map(rows.value.map((row) => [row.id, row]))
    const first = rows.value[0]?.opened_at ?? ''
    for (const row of page.items) {
      const old = known.get(row.id)
      if (old && old.version !== row.version) patchRow(row)
      if (!old && filter.value.sort === 'newest' && row.opened_at >= first) waiting.value.add(row.id)
    }
  }
  let changed = new Map<string, number>()
  let everything = false
  const flush = soon(() => {
    const now = changed
    const known = new Map(rows.value?.map((row) => [row.id, row.version]))
    const mine = [...now].filter(([id, version]) => (known.get(id) ?? Infinity) < version).map(([id]) => id)
    const strangers = [...now.keys()].some((id) => !known.has(id))
    changed = new Map()
    if (everything || strangers || mine.length > alone) void peek().catch(quiet)
    if (mine.length <= alone) for (const id of mine) void readRow(id).catch(quiet)
    everything = false
    void counts.refetch()
  })
  onLive((event?: LiveEvent) => {
    if (event && event.stream && event.stream !== 'case') return
    if (event?.subject) changed.set(event.subject, event.version)
    else everything = true
    flush()
  })

  async function showWaiting(): Promise<void> {
    waiting.value = new Set()
    await queries.resetQueries({ queryKey: key.value })
  }
  return { list, rows, counts: computed(() => countTabs(counts.data.value?.counts)), waiting, showWaiting }
}
