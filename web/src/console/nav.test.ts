import { expect, it, vi } from 'vitest'

vi.mock('./session', () => ({ may: () => true }))
const { places } = await import('./nav')

it('has one place for each key after g', () => {
  const codes = places.value.flatMap((place) => place.code ?? [])
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
})
