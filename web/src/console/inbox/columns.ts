import { computed, ref } from 'vue'
import { keep, kept } from '@/lib/keep'
import type { sorts } from './inbox'

type Sort = (typeof sorts)[number]

/** What a table of cases can show, in its order; the number is always there. */
export const columns = [
  'number',
  'customer',
  'title',
  'kind',
  'state',
  'reason',
  'waiting',
  'amount',
  'messages',
  'deadline',
  'assignee',
  'order',
  'opened',
  'updated',
] as const
export type Column = (typeof columns)[number]
const first: Column[] = ['customer', 'title', 'state', 'amount', 'messages', 'deadline', 'assignee', 'updated']
/** How wide each stands, in pixels. */
export const widths: Record<Column, number> = {
  number: 140,
  customer: 130,
  title: 260,
  kind: 120,
  state: 180,
  reason: 150,
  waiting: 110,
  amount: 110,
  messages: 130,
  deadline: 150,
  assignee: 120,
  order: 140,
  opened: 128,
  updated: 128,
}

/** The orders that a column stands for: the one it begins with, and the other way round. */
export const orders: Partial<Record<Column, Sort[]>> = {
  messages: ['waiting'],
  deadline: ['deadline'],
  opened: ['newest', 'oldest'],
}
/** The order after a press on the head of a column; from the last one back to the first of all. */
export function turned(name: Column, now: Sort): Sort {
  const all = orders[name] ?? []
  return all[all.indexOf(now) + 1] ?? (all.length > 1 ? all[0]! : 'newest')
}

const chosen = ref<Column[]>(readChosen())
function readChosen(): Column[] {
  const names = kept('columns').split(',')
  const found = columns.filter((one) => names.includes(one))
  return found.length ? found : first
}
export const shownColumns = computed<Column[]>(() =>
  columns.filter((one) => one === 'number' || chosen.value.includes(one)),
)
export function toggleColumn(name: Column): void {
  chosen.value = chosen.value.includes(name) ? chosen.value.filter((one) => one !== name) : [...chosen.value, name]
  keep('columns', chosen.value.join(','))
}
export function resetColumns(): void {
  chosen.value = first
  keep('columns', '')
}

/** Whether the list is a table over the whole width. */
export const asTable = ref(kept('list_form') === 'table')
export function setTable(on: boolean): void {
  asTable.value = on
  keep('list_form', on ? 'table' : '')
}
