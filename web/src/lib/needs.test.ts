import { expect, it } from 'vitest'
import type { CaseNeed } from '@/api/types'
import { answerOf } from './needs'

const need = (type: CaseNeed['type']): CaseNeed => ({ name: 'x', kind: 'fact', type, text: '' })
const told = (text: string, unknown = false) => ({ text, unknown })

it('sends answers as what they are, and not knowing as nothing', () => {
  expect(answerOf(need('bool'), told('yes'))).toBe(true)
  expect(answerOf(need('bool'), told('no'))).toBe(false)
  expect(answerOf(need('number'), told(' 3 '))).toBe(3)
  expect(answerOf(need('date'), told('2026-11-03'))).toBe('2026-11-03')
  expect(answerOf(need('choice'), told('engine', true))).toBeNull()
})

it('does not take an empty field or no number for an answer', () => {
  expect([answerOf(need('bool'), told('')), answerOf(need('number'), told('1.5'))]).toEqual([undefined, undefined])
})
