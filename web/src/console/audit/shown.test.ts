import { expect, it } from 'vitest'
import { listed } from './shown'
import { eventTypes } from './texts'

const without = listed('changes').split(',')
const only = listed('access').split(',')

it('leaves out of the changes exactly what the sign-ins and reads are, and nothing of everything', () => {
  expect(without).toEqual(only.map((one) => `-${one}`))
  expect(listed('all')).toBe('')
})

it('knows these kinds of events', () =>
  expect(only.filter((one) => !eventTypes.some((type) => type === one || (one.endsWith('.*') && type.startsWith(one.slice(0, -1)))))).toEqual([]))
