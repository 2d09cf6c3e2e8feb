import { expect, it } from 'vitest'
import { fromQuery, toQuery } from './address'
import { unfiltered, type Filter } from './inbox'

it('a filter comes back from its address', () => {
  const filter: Filter = {
    ...unfiltered,
    tab: 'decide',
    kind: 'exchange',
    assignee: 'me',
    overdue: true,
    sort: 'deadline',
    unread: true,
    undated: true,
    paid_from: '2026-03-02',
    answered_by: 'automatic',
    took_least: '24',
    returned_most: '12900',
  }
  expect(fromQuery(toQuery(filter))).toEqual(filter)
  expect(toQuery(unfiltered)).toEqual({})
})

it('what an address makes up is left out', () => {
  expect(fromQuery({ tab: 'nonsense', kind: 'gift', sort: 'price', overdue: '1', paid_to: 'soon', took_most: '-3', answered_by: 'cat' })).toEqual(unfiltered)
})
