import { expect, it } from 'vitest'
import { safeBack } from './router'

it.each([
  ['/cases/case_1?x=1', '/cases/case_1?x=1'],
  ['//evil.example', ''],
  ['/\\evil.example', ''],
  ['https://evil.example', ''],
  [undefined, ''],
  [['/a'], ''],
])('goes back only to our own pages: %o', (asked, want) => {
  expect(safeBack(asked)).toBe(want)
})
