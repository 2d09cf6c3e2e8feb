import { expect, it } from 'vitest'
import { seeing } from './people'

it('offers a case only to those who may see it', () => {
  const people = [
    { id: 'a', name: 'Agent' },
    { id: 'n', name: 'Nanshan', seller: 'nanshan' },
    { id: 'o', name: 'Other', seller: 'other' },
  ]
  const names = (seller?: string) => seeing(people, (seller ? { seller } : {}) as never).map((one) => one.name)
  expect(names('nanshan')).toEqual(['Agent', 'Nanshan'])
  expect(names()).toEqual(['Agent'])
})
