import { expect, it } from 'vitest'
import { instantOf } from './filter'

it('a day goes from its midnight to the next, in the zone of the reader', () => {
  const from = new Date(instantOf('2026-03-01'))
  const to = new Date(instantOf('2026-03-01', true))
  expect([from.getHours(), from.getDate()]).toEqual([0, 1])
  expect([to.getHours(), to.getDate()]).toEqual([0, 2])
})

it('what is no day is no limit', () => {
  for (const text of ['', '2026', '2026-13-45', 'tomorrow']) expect(instantOf(text)).toBe('')
})
