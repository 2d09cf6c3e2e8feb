import { describe, expect, it } from 'vitest'
import type { PolicyTest } from '@/api/policy'
import { firstValue, lawFacts, withLaw } from './lawfacts'

const test: PolicyTest = { name: 'x', request: { now: '2026-03-05T10:00:00Z', total: { minor: 1, currency: 'EUR' }, goods: [{}] }, expect: {} }

describe('facts of the law in an example', () => {
  it('are stated and taken away again', () => {
    const told = withLaw(test, 'told.right', false)
    expect(told.law).toEqual({ 'told.right': false })
    expect(withLaw(told, 'told.right', undefined)).toEqual(test)
  })
  it('begin with a value of their kind', () => {
    expect(firstValue('told.exception')).toBe(true)
    expect(firstValue('repair.tries')).toBe(0)
    expect(firstValue('seller.country')).toBe('')
    expect(String(firstValue('told.right_at'))).toMatch(/^\d{4}-\d{2}-\d{2}T/)
  })
  it('show what is stated beside the usual ones', () => {
    const facts = lawFacts({ 'told.right': true, as_of: '2026-12-20' })
    expect(facts.filter((one) => one.name === 'told.right')).toHaveLength(1)
    expect(facts.at(-1)).toMatchObject({ name: 'as_of', type: 'date' })
  })
})
