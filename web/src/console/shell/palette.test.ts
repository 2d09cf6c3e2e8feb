import { expect, it } from 'vitest'
import { fuzzy, near } from './palette'
import { safeBack } from '../router'

it.each([
  ['shda', 'shouhoudan', true],
  ['ORD', 'orders dingdan', true],
  ['订单', '订单', true],
  ['xyz', 'orders', false],
  ['', 'anything', true],
])('"%s" finds "%s": %s', (wanted, text, found) => {
  expect(fuzzy(wanted, text)).toBe(found)
})

it.each([
  ['/cases/case_1?tab=decide', '/cases/case_1?tab=decide'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['/signin?why=expired', '/'],
  [undefined, '/'],
])('goes back to %s as %s after signing in', (back, want) => {
  expect(safeBack(back)).toBe(want)
})

it.each([
  ['dignadn', 'orders dingdan', false],
  ['dignda', 'orders dingdan', true],
  ['shehzi', 'settings shezhi', true],
  ['ordres', 'orders dingdan', true],
  ['setings', 'Settings', true],
  ['abc', 'abd', false],
])('"%s" is nearly a word of "%s": %s', (wanted, text, found) => {
  expect(near(wanted, text)).toBe(found)
})
