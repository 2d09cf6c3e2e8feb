import type { LocationQuery } from 'vue-router'
import type { Kind } from '@/api/types'
import { kinds } from '../case/kinds'
import { asQuery, marks, unfiltered, sorts, tabNames, tabs, type Filter, type Mark, type Tab } from './inbox'

const one = <V extends string>(value: string, all: readonly V[]): V | undefined => all.find((known) => known === value)

/** Who a case can wait for. */
export const parties = ['customer', 'seller', 'warehouse', 'carrier', 'system', 'nobody'] as const
const allStates = new Set<string>(Object.values(tabs).flat())
const day = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '')
const number = (text: string) => (/^[1-9]\d{0,14}$/.test(text) ? text : '')

export const answerers = ['rule', 'staff', 'timer', 'automatic'] as const
function mark(name: Mark, value: string): string {
  if (name === 'answered_by') return one(value, answerers) ?? ''
  return /_(from|to)$/.test(name) ? day(value) : number(value)
}

/** The filter of an address; what is not known there is left out. */
export function fromQuery(query: LocationQuery): Filter {
  const text = (name: string) => (typeof query[name] === 'string' ? (query[name] as string) : '')
  return {
    tab: one<Tab>(text('tab'), tabNames) ?? 'all',
    q: text('q'),
    reason: text('reason'),
    kind: one<Kind>(text('kind'), kinds) ?? '',
    assignee: text('assignee'),
    seller: text('seller'),
    channel: text('channel'),
    country: /^([A-Z]{2}|-)$/.test(text('country')) ? text('country') : '',
    sku: text('sku'),
    overdue: text('overdue') === 'true',
    wrote: text('wrote') === 'true',
    unread: text('unread') === 'true',
    undated: text('undated') === 'true',
    waiting: one(text('waiting'), parties) ?? '',
    due: number(text('due')),
    opened_from: day(text('opened_from')),
    opened_to: day(text('opened_to')),
    least: number(text('least')),
    most: number(text('most')),
    currency: /^[A-Z]{3}$/.test(text('currency')) ? text('currency') : '',
    state: text('state')
      .split(',')
      .filter((name) => allStates.has(name))
      .join(','),
    sort: one(text('sort'), sorts) ?? 'newest',
    view: text('view'),
    ...(Object.fromEntries(marks.map((name) => [name, mark(name, text(name))])) as Record<Mark, string>),
  }
}

/** A filter as it stands in the address: only what differs from the whole list. */
export function toQuery(filter: Filter): Record<string, string> {
  const names = Object.keys(unfiltered) as (keyof Filter)[]
  return Object.fromEntries(
    names.filter((name) => filter[name] !== unfiltered[name]).map((name) => [name, String(filter[name])]),
  )
}

/** A filter as a kept list has it: the query of the API, in the order of its names. */
export function keptQuery(filter: Filter): string {
  const set = Object.entries(asQuery(filter)).filter(([, value]) => value)
  return new URLSearchParams(set.toSorted(([a], [b]) => (a < b ? -1 : 1))).toString()
}

/** The filter of a kept list. States that are together a tab become the tab. */
export function fromKept(query: string, view: string): Filter {
  const filter = fromQuery(Object.fromEntries(new URLSearchParams(query)))
  const wanted = filter.state.split(',').toSorted().join(',')
  const tab = tabNames.find((name) => name !== 'all' && [...tabs[name]].toSorted().join(',') === wanted)
  return { ...filter, view, ...(tab ? { tab, state: '' } : {}) }
}
