import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'
import type { CasePage } from '@/api/staff'
import type { Kind } from '@/api/types'
import { lang, t, type Key } from '@/i18n'
import { parseAmount, writeAmount } from '@/lib/amount'
import { dayOf, duration, money } from '@/lib/format'
import { kinds } from '../case/kinds'
import { usePeople } from '../people'
import { queries } from '../query'
import { reasonText, standardReasons } from '../reasons'
import { me, shop } from '../session'
import { channels, channelWords } from '../words'
import { answerers, parties } from './address'
import { tabNames, tabs, unfiltered, type Count, type Filter, type Tab } from './inbox'

export const groups = ['what', 'who', 'when', 'where', 'money', 'happened'] as const
export type Group = (typeof groups)[number]
export interface Option {
  value: string
  label: string
  /** What stands behind the name where the choices are listed. */
  more?: string
}
/** One thing that the list can be narrowed by: as a field, and as a chip once it is chosen. */
export interface Field {
  name: string
  group: Group
  kind: 'choice' | 'text' | 'sum' | 'day' | 'check'
  label: string
  /** Among the few that are shown at first. */
  front?: boolean
  /** What is chosen; '' where it does not narrow. */
  value: string
  options?: Option[]
  most?: number
  /** What is chosen, in words. */
  says: string
  /** The filter with another choice; undefined: that can not be understood. */
  set: (value: string) => Partial<Filter> | undefined
}

/** "from:to" in hours; each end may be open. */
const pair = (from: string, to: string) => (from || to ? `${from}:${to}` : '')
const ends = (value: string) => (value ? value.split(':') : ['', '']) as [string, string]
const hours = (count: string) => duration(Number(count) * 3600, lang.value)
function span(from: string, to: string): string {
  if (!from) return t('filter.within', { time: hours(to) })
  return to ? t('filter.between', { from: hours(from), to: hours(to) }) : t('filter.beyond', { time: hours(from) })
}
/** Usual spans, and one that only the address has. */
function spans(usual: string[], now: string): Option[] {
  const all = !now || usual.includes(now) ? usual : [...usual, now]
  return all.map((value) => ({ value, label: span(...ends(value)) }))
}
const ages = [':24', '24:72', '72:168', '168:720', '720:']
const took = [':24', ':72', ':168', '72:', '168:', '336:']
const dues = [':4', ':24', '24:72', ':72', ':168', '72:']

const manyOf = (one?: Count) => (one ? ` · ${one.count}${one.more ? '+' : ''}` : '')
const stateOf = (state: string) => ({ value: `=${state}`, label: t(`case.state.${state}` as Key) })
/** The steps of a case, and behind them each state of its own. */
function states(now: string, counts: Partial<Record<Tab, Count>>): Option[] {
  return [
    ...tabNames
      .filter((tab) => tab !== 'all')
      .map((tab) => ({ value: tab as string, label: t(`tab.${tab}`), more: manyOf(counts[tab]) })),
    ...Object.values(tabs).flat().map(stateOf),
    ...(now.includes(',') ? [{ value: `=${now}`, label: t('filter.states') }] : []),
  ]
}

/** Reasons are the usual ones and those seen in the lists. */
function reasons(seen: Record<string, string>, now: string): Option[] {
  const codes = new Set([...standardReasons, ...Object.keys(seen), now].filter(Boolean))
  return [...codes].map((value) => ({ value, label: seen[value] ?? reasonText(value) }))
}

export interface Known {
  counts: Partial<Record<Tab, Count>>
  people: { id: string; name: string }[]
  /** Words for codes of reasons, as lists told them. */
  reasons: Record<string, string>
  /** The shop's currency. */
  currency: string
  /** Sees the cases of more than one seller. */
  sellers: boolean
}

type Told = Omit<Field, 'says'> & { says?: string }
const sums = ['least', 'most', 'returned_least', 'returned_most'] as const
const happenings = ['opened', 'paid', 'settled', 'answered'] as const

/** Everything the list can be narrowed by besides the search, as it is chosen now. */
export function fieldsOf(filter: Filter, known: Known): Field[] {
  const choice = (group: Group, name: keyof Filter, label: string, options: Option[], front = false): Told => ({
    name,
    group,
    kind: 'choice',
    label,
    front,
    value: String(filter[name]),
    options,
    set: (value) => ({ [name]: value }),
  })
  const text = (group: Group, name: 'sku' | 'seller' | 'country', most: number): Told => ({
    name,
    group,
    kind: 'text',
    label: t(`filter.${name}`),
    value: filter[name],
    most,
    says: filter[name],
    set(typed) {
      const value = name === 'country' ? typed.trim().toUpperCase() : typed.trim()
      return name === 'country' && !/^([A-Z]{2}|-)?$/.test(value) ? undefined : { [name]: value }
    },
  })
  const ofHours = (name: string, from: keyof Filter, to: keyof Filter, usual: string[]): Told => {
    const now = pair(String(filter[from]), String(filter[to]))
    const set = (value: string) => ({ [from]: ends(value)[0], [to]: ends(value)[1] })
    return {
      name,
      group: 'when',
      kind: 'choice',
      label: t(`filter.${name}` as Key),
      value: now,
      options: spans(usual, now),
      set,
    }
  }
  const due = ofHours('due', 'due_after', 'due', dues)
  const unit = filter.currency || known.currency
  /** An amount is typed as people write it, and asked for in the smallest unit of the list's currency, else the shop's. */
  const sum = (name: (typeof sums)[number]): Told => ({
    name,
    group: 'money',
    kind: 'sum',
    label: t(`filter.${name}`),
    value: filter[name] ? writeAmount(Number(filter[name]), unit) : '',
    says: filter[name] ? money({ minor: Number(filter[name]), currency: unit }, lang.value) : '',
    most: 14,
    set(value) {
      const minor = parseAmount(value, unit)
      if (value && minor === undefined) return undefined
      const next = { ...filter, [name]: minor ? String(minor) : '' }
      return { [name]: next[name], currency: sums.some((one) => next[one]) ? unit : '' }
    },
  })
  const day = (name: `${(typeof happenings)[number]}_${'from' | 'to'}`): Told => ({
    name,
    group: 'happened',
    kind: 'day',
    label: t(`filter.${name}`),
    value: filter[name],
    says: filter[name] && dayOf(filter[name], lang.value),
    set: (value) => ({ [name]: value }),
  })
  const all: Told[] = [
    {
      ...choice('what', 'state', t('filter.state'), states(filter.state, known.counts), true),
      value: filter.state ? `=${filter.state}` : filter.tab === 'all' ? '' : filter.tab,
      set: (value) =>
        value.startsWith('=') ? { state: value.slice(1), tab: 'all' } : { tab: (value || 'all') as Tab, state: '' },
    },
    choice(
      'what',
      'kind',
      t('filter.kind'),
      kinds.map((value: Kind) => ({ value, label: t(`kind.${value}`) })),
      true,
    ),
    choice('what', 'reason', t('table.reason'), reasons(known.reasons, filter.reason), true),
    {
      ...choice(
        'what',
        'wrote',
        t('filter.messages'),
        [
          { value: 'wrote', label: t('filter.wrote') },
          { value: 'unread', label: t('filter.unread') },
        ],
        true,
      ),
      name: 'messages',
      value: filter.unread ? 'unread' : filter.wrote ? 'wrote' : '',
      set: (value) => ({ wrote: value === 'wrote', unread: value === 'unread' }),
    },
    text('what', 'sku', 200),
    choice(
      'who',
      'waiting',
      t('filter.waiting'),
      parties.map((value) => ({ value, label: t(`party.${value}`) })),
      true,
    ),
    choice(
      'who',
      'assignee',
      t('assign.label'),
      [
        { value: 'me', label: t('filter.me') },
        { value: 'none', label: t('assign.nobody') },
        ...known.people.map((one) => ({ value: one.id, label: one.name })),
      ],
      true,
    ),
    choice(
      'who',
      'answered_by',
      t('filter.answered_by'),
      answerers.map((value) => ({ value, label: t(`filter.answered_by.${value}`) })),
    ),
    ...(known.sellers ? [text('who', 'seller', 100)] : []),
    {
      ...due,
      front: true,
      value: filter.undated ? 'none' : due.value,
      options: [...due.options!, { value: 'none', label: t('filter.due_none') }],
      set: (value) => ({ ...due.set(value === 'none' ? '' : value), undated: value === 'none' }),
    },
    { ...ofHours('age', 'age_over', 'age_under', ages), front: true },
    ofHours('took', 'took_least', 'took_most', took),
    {
      name: 'overdue',
      group: 'when',
      kind: 'check',
      label: t('filter.overdue'),
      value: filter.overdue ? 'true' : '',
      set: (value) => ({ overdue: !!value }),
    },
    choice(
      'where',
      'channel',
      t('filter.channel'),
      channels.map((value) => ({ value, label: channelWords(value) })),
    ),
    text('where', 'country', 2),
    ...sums.map(sum),
    // An address may ask for a currency without an amount.
    ...(filter.currency && !sums.some((name) => filter[name])
      ? [{ ...choice('money', 'currency', t('filter.currency'), [{ value: filter.currency, label: filter.currency }]) }]
      : []),
    ...happenings.flatMap((one) => [day(`${one}_from`), day(`${one}_to`)]),
  ]
  return all.map((one) => ({
    ...one,
    says: one.says ?? one.options?.find((option) => option.value === one.value)?.label ?? one.value,
  }))
}

/** What is chosen, as a sentence. */
export const told = (field: Field): string =>
  field.kind === 'check' ? field.label : t('filter.is', { label: field.label, value: field.says })

/** Without anything chosen; the search and the order stay. */
export const cleared = (filter: Filter): Filter => ({ ...unfiltered, q: filter.q, sort: filter.sort })

/** The fields of the list's filter, with the words that people and lists give them. */
export function useFields(filter: Ref<Filter>, counts: () => Partial<Record<Tab, Count>>): ComputedRef<Field[]> {
  const { people } = usePeople()
  const seen = useQuery({
    queryKey: ['reasons-seen'],
    queryFn: () => {
      const texts: Record<string, string> = {}
      for (const [, data] of queries.getQueriesData<{ pages?: CasePage[] }>({ queryKey: ['cases'] }))
        for (const page of data?.pages ?? []) for (const row of page.items) texts[row.reason.code] = row.reason.text
      return texts
    },
    refetchInterval: 10_000,
  })
  return computed(() =>
    fieldsOf(filter.value, {
      counts: counts(),
      people: people.value.filter((one) => one.id !== me.value?.id),
      reasons: seen.data.value ?? {},
      currency: shop.value?.currency ?? 'CNY',
      sellers: !me.value?.seller,
    }),
  )
}
