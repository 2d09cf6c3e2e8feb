import type { LocationQuery } from 'vue-router'
import type { Kind } from '@/api/types'
import { kinds } from '../case/kinds'
import { unfiltered, sorts, tabNames, type Filter, type Tab } from './inbox'

const one = <V extends string>(value: string, all: readonly V[]): V | undefined => all.find((known) => known === value)

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
    overdue: text('overdue') === 'true',
    sort: one(text('sort'), sorts) ?? 'newest',
  }
}

/** A filter as it stands in the address: only what differs from the whole list. */
export function toQuery(filter: Filter): Record<string, string> {
  const names = Object.keys(unfiltered) as (keyof Filter)[]
  return Object.fromEntries(
    names.filter((name) => filter[name] !== unfiltered[name]).map((name) => [name, String(filter[name])]),
  )
}
