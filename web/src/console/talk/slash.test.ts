import { expect, it } from 'vitest'
import { insert, slashed } from './slash'

it('a slash at the beginning of a word asks for a ready-made text, one inside a word does not', () => {
  expect(slashed('/', 1)).toBe('')
  expect(slashed('Hello /lab', 10)).toBe('lab')
  expect(slashed('好的\n/面单', 6)).toBe('面单')
  expect(slashed('and/or', 6)).toBeUndefined()
  expect(slashed('see https://x', 13)).toBeUndefined()
  expect(slashed('/label is', 9)).toBeUndefined()
})

it('the text takes the place of the slash, what stands behind stays', () => {
  expect(insert('Hello /lab bye', 10, 'Print it.')).toEqual({ text: 'Hello Print it. bye', cursor: 15 })
})
