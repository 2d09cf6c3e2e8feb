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
  }
  expect(fromQuery(toQuery(filter))).toEqual(filter)
  expect(toQuery(unfiltered)).toEqual({})
})

it('what an address makes up is left out', () => {
  expect(fromQuery({ tab: 'nonsense', kind: 'gift', sort: 'price', overdue: '1' })).toEqual(unfiltered)
})
