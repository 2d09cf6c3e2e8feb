import { expect, it } from 'vitest'
import type { StaffCase } from '@/api/staff'
import { doable, prominent } from './actions'

const found = (...actions: [string, string?][]) =>
  ({
    actions: actions.map(([action, code]) => ({
      action,
      allowed: !code,
      ...(code ? { reason: { code, text: `because ${code}` } } : {}),
    })),
  }) as unknown as StaffCase

it('what the role may never do is not shown; what is not possible now says why', () => {
  const all = doable(found(['approve'], ['grade', 'state_submitted'], ['receive', 'role']))
  expect(all.map((one) => [one.name, one.why])).toEqual([
    ['approve', ''],
    ['grade', 'because state_submitted'],
  ])
})

it('one action is the first; the head has few, and what is rare stays in the sheet', () => {
  const all = doable(
    found(['note'], ['withdraw'], ['offer'], ['refuse'], ['approve'], ['assign'], ['convert'], ['hand_over']),
  )
  expect(all.filter((one) => one.primary).map((one) => one.name)).toEqual(['approve'])
  expect(prominent(all).map((one) => one.name)).toEqual(['approve', 'refuse', 'offer', 'hand_over'])
})

it('a refusal is never the first thing to press', () => {
  expect(doable(found(['refuse'], ['note'])).some((one) => one.primary)).toBe(false)
})
