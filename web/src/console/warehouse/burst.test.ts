import { describe, expect, it } from 'vitest'
import { Burst, writes } from './burst'

function type(text: string, every: number, burst = new Burst()): string {
  let now = 1000
  for (const key of text) burst.press(key, (now += every))
  return burst.press('Enter', now + every)
}

describe('what a scanner types', () => {
  it('is told by its speed', () => expect(type('SF1000000037', 8)).toBe('SF1000000037'))
  it('is not what a person types', () => expect(type('SF1000000037', 120)).toBe(''))
  it('is not a short word', () => expect(type('abc', 8)).toBe(''))

  it('begins behind what a person wrote before', () => {
    const burst = new Burst()
    burst.press('x', 0)
    burst.press('y', 300)
    expect(type('SF1000000037', 8, burst)).toBe('SF1000000037')
  })

  it('needs Enter at once', () => {
    const burst = new Burst()
    for (const [index, key] of [...'SF1000000037'].entries()) burst.press(key, index * 5)
    expect(burst.press('Enter', 2000)).toBe('')
    expect(burst.press('Enter', 2001)).toBe('')
  })

  it('ignores keys that write nothing', () => {
    const burst = new Burst()
    for (const [index, key] of ['Shift', 'S', 'Shift', 'F', '1', '2', '3', '4'].entries()) burst.press(key, index * 5)
    expect(burst.press('Enter', 42)).toBe('SF1234')
  })
})

it('leaves letters where a person writes', () => {
  const make = (html: string) => Object.assign(document.createElement('div'), { innerHTML: html }).firstElementChild
  expect(writes(make('<input>'))).toBe(true)
  expect(writes(make('<textarea></textarea>'))).toBe(true)
  expect(writes(make('<input type="radio">'))).toBe(false)
  expect(writes(make('<button></button>'))).toBe(false)
})
