import { describe, expect, it } from 'vitest'
import type { Case } from '@/api/types'
import { headline, progress } from './status'

const found = (changes: Partial<Case>) =>
  ({ kind: 'return_refund', items: [{ grades: [] }], parcels: [], money_effect: 'none', ...changes }) as unknown as Case
const marks = (changes: Partial<Case>) =>
  progress(found(changes))
    .map((step) => step.state[0])
    .join('')
const names = (changes: Partial<Case>) => progress(found(changes)).map((step) => step.name.replace('case.step.', ''))
const approved = { outcome: 'approve' } as Case['decision']
const parcel = (direction: string, state: string) => [{ direction, state }] as Case['parcels']
const offer = (mine: boolean) => [{ state: 'open', mine }] as Case['offers']

describe('the steps of a return', () => {
  it.each([
    ['submitted', {}, 'dcaaa'],
    ['negotiating', {}, 'dcaaa'],
    ['await_return', {}, 'ddcaa'],
    ['returning', {}, 'ddcaa'],
    ['inspecting', {}, 'dddca'],
    ['resolving', {}, 'ddddc'],
    ['completed', {}, 'ddddd'],
    ['rejected', {}, 'dsaaa'],
    ['rejected', { decision: approved, parcels: parcel('return', 'received') }, 'dddsa'],
    ['closed', {}, 'dsaaa'],
    ['closed', { decision: approved }, 'ddsaa'],
  ] as const)('in %s with %o are %s', (state, more, want) => {
    expect(marks({ state, ...more })).toBe(want)
  })
})

describe('the steps of other kinds', () => {
  it('have nothing to send where the goods are kept', () => {
    expect(names({ kind: 'refund_only', state: 'resolving' })).toEqual(['submit', 'review', 'refund'])
    expect(names({ kind: 'price_protection', state: 'submitted' })).toEqual(['submit', 'review', 'refund'])
  })

  it('have it where a parcel is stopped', () => {
    const stopped = { kind: 'refund_only', state: 'await_return', parcels: parcel('original', 'in_transit') } as const
    expect(names(stopped)).toEqual(['submit', 'review', 'return', 'inspect', 'refund'])
    expect(headline(found(stopped))).toBe('case.now.intercept')
  })

  it('end with the confirmation of what was sent instead', () => {
    expect(names({ kind: 'exchange', state: 'submitted' }).slice(-2)).toEqual(['send', 'confirm'])
    expect(marks({ kind: 'exchange', state: 'resolving' })).toBe('ddddca')
    expect(marks({ kind: 'exchange', state: 'await_confirm' })).toBe('dddddc')
    expect(marks({ kind: 'reship', state: 'resolving' })).toBe('ddca')
  })
})

it('tells how a case was closed, and a refund from none', () => {
  expect(headline(found({ state: 'closed', closed_as: 'expired' }))).toBe('case.now.expired')
  expect(headline(found({ state: 'closed', closed_as: 'withdrawn' }))).toBe('case.now.withdrawn')
  expect(headline(found({ state: 'closed', closed_as: 'for_seller' }))).toBe('case.now.for_seller')
  expect(headline(found({ state: 'completed' }))).toBe('case.now.completed.nomoney')
  expect(headline(found({ state: 'completed', money_effect: 'full' }))).toBe('case.now.completed')
  expect(headline(found({ state: 'completed', kind: 'exchange' }))).toBe('case.now.completed.exchange')
})

it('says that questions come first', () => {
  expect(headline(found({ state: 'submitted' }))).toBe('case.now.submitted')
  const needs = [{ name: 'use.opened', kind: 'fact', type: 'bool', text: 'Opened?' }]
  expect(headline(found({ state: 'submitted', needs } as Partial<Case>))).toBe('case.now.asked')
})

it('says whose turn it is while both sides talk, and what an exchange waits for', () => {
  expect(headline(found({ state: 'negotiating', offers: offer(true) }))).toBe('case.now.negotiating.mine')
  expect(headline(found({ state: 'negotiating', offers: offer(false) }))).toBe('case.now.negotiating')
  const waits = (state: string) =>
    headline(found({ state: 'resolving', kind: 'exchange', exchange: { state } as Case['exchange'] }))
  expect(waits('held_for_payment')).toBe('case.now.resolving.pay')
  expect(waits('back_ordered')).toBe('case.now.resolving.backorder')
  expect(waits('allocated')).toBe('case.now.resolving.send')
  expect(headline(found({ state: 'resolving' }))).toBe('case.now.resolving.plain')
})
