import { describe, expect, it } from 'vitest'
import type { Case } from '@/api/types'
import { headline, progress } from './status'

const found = (changes: Partial<Case>) =>
  ({ items: [{ grades: [] }], money_effect: 'none', ...changes }) as unknown as Case
const marks = (changes: Partial<Case>) =>
  progress(found(changes))
    .map((step) => step.state[0])
    .join('')
const approved = { outcome: 'approve' } as Case['decision']
const parcel = { state: 'received' } as Case['parcel']

describe('the steps of a case', () => {
  it.each([
    ['submitted', {}, 'dcaaa'],
    ['await_return', {}, 'ddcaa'],
    ['returning', {}, 'ddcaa'],
    ['inspecting', {}, 'dddca'],
    ['resolving', {}, 'ddddc'],
    ['completed', {}, 'ddddd'],
    ['rejected', {}, 'dsaaa'],
    ['rejected', { decision: approved, parcel }, 'dddsa'],
    ['closed', {}, 'dsaaa'],
    ['closed', { decision: approved }, 'ddsaa'],
  ] as const)('in %s with %o are %s', (state, more, want) => {
    expect(marks({ state, ...more })).toBe(want)
  })
})

it('tells a withdrawn case from an expired one, and a refund from none', () => {
  expect(headline(found({ state: 'closed', closed_as: 'expired' }))).toBe('case.now.expired')
  expect(headline(found({ state: 'closed', closed_as: 'withdrawn' }))).toBe('case.now.withdrawn')
  expect(headline(found({ state: 'completed' }))).toBe('case.now.completed.nomoney')
  expect(headline(found({ state: 'completed', money_effect: 'full' }))).toBe('case.now.completed')
})
