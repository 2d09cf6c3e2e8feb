import { expect, test } from 'vitest'
import { useWhereto } from './whereto'

test('an address needs a name and a street, and says only what was typed', () => {
  const { form, gap, body } = useWhereto()
  expect(gap()).toBe('name')
  form.name = ' Lin '
  expect(gap()).toBe('street')
  form.street = '12 Oak\n\n Flat 3 '
  form.city = 'Bath'
  expect(gap()).toBe('')
  expect(body()).toEqual({ name: 'Lin', lines: ['12 Oak', 'Flat 3'], city: 'Bath' })
})
