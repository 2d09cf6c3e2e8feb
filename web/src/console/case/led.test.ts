import { expect, it } from 'vitest'
import { ledTo } from './led'

it.each([
  [{ said: 'evt_1', seq: '12' }, { id: 'evt_1', seq: 12 }],
  [{ said: 'evt_1' }, { id: 'evt_1', seq: 0 }],
  [{ said: 'evt_1', seq: 'x' }, { id: 'evt_1', seq: 0 }],
  [{ said: '"><b>' }, undefined],
  [{ said: ['a', 'b'] }, undefined],
  [{}, undefined],
])('%o leads to %o', (query, want) => {
  expect(ledTo(query)).toEqual(want)
})
