import { expect, it } from 'vitest'
import { csv } from './words'

it('writes what a spreadsheet reads back, and no formula', () => {
  expect(
    csv([
      ['a,b', 'say "x"', 1],
      ['=1+1', '-5', -5],
    ]),
  ).toBe('\uFEFF"a,b","say ""x""",1\r\n\'=1+1,\'-5,-5\r\n')
})
