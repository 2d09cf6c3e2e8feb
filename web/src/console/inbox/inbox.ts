import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import type { CasePage } from '@/api/staff'
import type { CaseState, CaseSummary, Kind, LiveEvent } from '@/api/types'
import { api } from '@/lib/client'
import { onLive, soon } from '../live'
import { queries } from '../query'
import { summaryOf } from '../words'

export const sorts = ['newest', 'oldest', 'deadline', 'waiting'] as const
/** What narrows by what happened and by how long: days, hours and minor units as they stand in the address. */
export const marks = [
  'age_over',
  'age_under',
  'due_after',
  'paid_from',
  'paid_to',
  'settled_from',
  'settled_to',
  'answered_from',
  'answered_to',
  'answered_by',
  'took_least',
  'took_most',
  'returned_least',
  'returned_most',
] as const
export type Mark = (typeof marks)[number]
export interface Filter extends Record<Mark, string> {
  tab: Tab
  q: string
  reason: string
  kind: Kind | ''
  /** An id, me, or none. */
  assignee: string
  seller: string
  /** How the goods were sold; "-": nobody has said. */
  channel: string
  /** Where they were delivered. */
  country: string
  /** An article. */
  sku: string
  overdue: boolean
  /** The customer waits for an answer to a message. */
  wrote: boolean
  /** The customer wrote what nobody has read. */
  unread: boolean
  /** There is no deadline. */
  undated: boolean
  /** Whose turn it is. */
  waiting: string
  /** Hours within which the deadline passes. */
  due: string
  /** Days of the request, both included. */
  opened_from: string
  opened_to: string
  /** Minor units of what is asked for. */
  least: string
  most: string
  currency: string
  /** States that are no tab, with commas; they stand in the place of the tab. */
  state: string
  sort: (typeof sorts)[number]
  /** The kept list that was opened; its filter may have been changed since. */
  view: string
}
export const unfiltered: Filter = {
  tab: 'all',
  q: '',
  reason: '',
  kind: '',
  assignee: '',
  seller: '',
  channel: '',
  country: '',
  sku: '',
  overdue: false,
  wrote: false,
  unread: false,
  undated: false,
  waiting: '',
  due: '',
  opened_from: '',
  opened_to: '',
  least: '',
  most: '',
  currency: '',
  state: '',
  sort: 'newest',
  view: '',
  ...(Object.fromEntries(marks.map((name) => [name, ''])) as Record<Mark, string>),
}
/** Whether the list is not the whole one; the order and the opened list narrow nothing. */
export const narrowed = (filter: Filter): boolean =>
  (Object.keys(unfiltered) as (keyof Filter)[]).some(
    (name) => name !== 'sort' && name !== 'view' && filter[name] !== unfiltered[name],
  )

/** The tabs of the list: what one person works through at a time. */
export const tabs = {
  all: [],
  decide: ['submitted', 'negotiating'],
  transit: ['await_return', 'returning'],
  inspect: ['inspecting'],
  refund: ['resolving', 'await_confirm'],
  over: ['completed', 'rejected', 'closed'],
} satisfies Record<string, CaseState[]>
export type Tab = keyof typeof tabs
export const tabNames = Object.keys(tabs) as Tab[]
const listed: Record<Tab, CaseState[]> = tabs

/** What narrows the list besides the state. */
function beside(filter: Filter): Record<string, string> {
  const { tab: _tab, state: _state, sort: _sort, view: _view, ...rest } = filter
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value === false ? '' : String(value)]))
}
/** The filter as the server takes it. */
export function asQuery(filter: Filter): Record<string, string> {
  const sort = filter.sort === 'newest' ? '' : filter.sort
  return { state: filter.state || listed[filter.tab].join(','), ...beside(filter), sort }
}

/** How many cases a tab has, and whether there may be more than were counted. */
export interface Count {
  count: number
  more: boolean
}
/** How many cases each tab has; undefined while not known. */
export function countTabs(page: Pick<CasePage, 'counts' | 'counts_more'> | undefined): Partial<Record<Tab, Count>> {
  const { counts, counts_more: more = [] } = page ?? {}
  if (!counts) return {}
  const sum = (states: CaseState[]): Count => ({
    count: states.reduce((all, state) => all + (counts[state] ?? 0), 0),
    more: states.some((state) => more.includes(state)),
  })
  const all = [...new Set([...Object.keys(counts), ...more])] as CaseState[]
  return Object.fromEntries(tabNames.map((tab) => [tab, sum(listed[tab].length ? listed[tab] : all)]))
}

type Pages = InfiniteData<CasePage, string>
/** A case says nothing of its messages: what a list told of them stays. */
function keepTalk(row: CaseSummary, old: CaseSummary): CaseSummary {
  const { unread, wrote_at } = old
  return { ...row, ...(unread ? { unread } : {}), ...(wrote_at ? { wrote_at } : {}) }
}
const replaceRow = (pages: Pages, row: CaseSummary, talk: boolean): Pages => ({
  ...pages,
  pages: pages.pages.map((page) => ({
    ...page,
    items: page.items.map((old) => (old.id === row.id ? (talk ? row : keepTalk(row, old)) : old)),
  })),
})

/** Puts a case that was just read into every list that shows it, without moving a row; `talk`: with what a list tells of its messages. */
export function patchRow(row: CaseSummary, talk = false): void {
  queries.setQueriesData<Pages>({ queryKey: ['cases'] }, (pages) => (pages ? replaceRow(pages, row, talk) : pages))
}

const alone = 5
// Lost answers are no loss: the next event or the next look brings them.
const quiet = () => undefined

async function readRow(id: string): Promise<void> {
  const found = await api('GET /v1/cases/{id}', { path: { id } })
  queries.setQueryData(['case', id], found)
  patchRow(summaryOf(found))
}

/** Reads what a list tells of a case in which somebody wrote or read. */
async function readTalk(id: string, number: string): Promise<void> {
  const page = await api('GET /v1/cases', { query: { q: number, limit: 5 } })
  const row = page.items.find((one) => one.id === id)
  if (row) patchRow(row, true)
}

/** Whether messages decide which cases a list has, and in which order. */
const byTalk = ({ wrote, unread, sort }: Filter) => wrote || unread || sort === 'waiting'

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
    queryKey: computed(() => ['counts', beside(filter.value)]),
    queryFn: ({ signal }) =>
      api('GET /v1/cases', { query: { ...beside(filter.value), counts: true, limit: 1 }, signal }),
    placeholderData: (before) => before,
  })
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.items))
  const waiting = ref(new Set<string>())
  /** So much was missed that the rows shown may be old. */
  const stale = ref(false)
  watch(key, () => {
    waiting.value = new Set()
    stale.value = false
  })

  /** Reads the first page beside the list: changes known rows and counts those that are new. */
  async function peek(): Promise<void> {
    const asked = key.value
    const page = await api('GET /v1/cases', { query: { ...asQuery(filter.value), limit: 50 } })
    if (asked !== key.value || !rows.value) return
    const known = new Map(rows.value.map((row) => [row.id, row]))
    for (const row of page.items) {
      const old = known.get(row.id)
      const talked = old?.unread !== row.unread || old?.wrote_at !== row.wrote_at
      if (old && (old.version !== row.version || talked)) patchRow(row, true)
      if (!old) waiting.value.add(row.id)
    }
  }
  let talked = new Set<string>()
  const flushTalk = soon(() => {
    const known = rows.value?.filter((row) => talked.has(row.id)) ?? []
    const strangers = byTalk(filter.value) && known.length < talked.size
    talked = new Set()
    if (strangers || known.length > alone) void peek().catch(quiet)
    else for (const row of known) void readTalk(row.id, row.number).catch(quiet)
    if (byTalk(filter.value)) void counts.refetch()
  })
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
    if (event?.type === 'reset') stale.value = true
    if (event?.stream === 'message' && event.subject) {
      talked.add(event.subject)
      flushTalk()
    }
    const erased = event?.stream === 'erasure'
    if (erased ? !rows.value?.some((row) => row.id === event.subject) : event?.stream && event.stream !== 'case') return
    // Of a customer who was erased the name is gone, which is no new version.
    if (event?.subject) changed.set(event.subject, erased ? Infinity : event.version)
    else everything = true
    flush()
  })

  async function showWaiting(): Promise<void> {
    waiting.value = new Set()
    stale.value = false
    await queries.resetQueries({ queryKey: key.value })
  }
  return { list, rows, counts: computed(() => countTabs(counts.data.value)), waiting, stale, showWaiting }
}
