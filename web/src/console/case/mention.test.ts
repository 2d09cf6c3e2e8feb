import { expect, it } from 'vitest'
import { complete, matching, named, wanted } from './mention'

const people = ['王敏', '王敏慧', 'Ann Lee', 'Ann'].map((name, index) => ({ id: `stf_${index}`, name }))

it.each([
  ['@', 1, ''],
  ['hi @王', 5, '王'],
  ['请看:@An', 6, 'An'],
  ['mail@shop', 9, undefined],
  ['@Ann Lee', 8, undefined],
  ['no', 2, undefined],
])('in "%s" at %d a name begins as %s', (text, cursor, begun) => {
  expect(wanted(text, cursor)).toBe(begun)
})

it('offers those first whose name begins so', () => {
  expect(matching(people, 'le').map((one) => one.name)).toEqual(['Ann Lee'])
  expect(matching(people, '王').map((one) => one.name)).toEqual(['王敏', '王敏慧'])
})

it('puts the name in and goes on behind it', () => {
  expect(complete('hi @王 there', 5, '王敏')).toEqual({ text: 'hi @王敏 there', cursor: 7 })
})

it('knows whom a text names, the longer name first', () => {
  expect(named('@王敏慧 and @Ann, not Ann Lee', people).map((one) => one.name)).toEqual(['王敏慧', 'Ann'])
  expect(named('nobody@shop', people)).toEqual([])
})
