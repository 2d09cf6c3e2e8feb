import { expect, it } from 'vitest'
import { fileName } from './save'

it('a file is called what the server calls it', () => {
  expect(fileName('attachment; filename="R-1.pdf"', 'label.pdf')).toBe('R-1.pdf')
  expect(fileName('inline; filename=R-1.pdf; size=3', 'label.pdf')).toBe('R-1.pdf')
  expect(fileName('inline', 'label.pdf')).toBe('label.pdf')
  expect(fileName(null, 'label.pdf')).toBe('label.pdf')
})
