import { describe, expect, it } from 'vitest'
import { parseAmount, writeAmount } from './amount'

describe('an amount that somebody writes', () => {
  it.each([
    ['12', 'CNY', 1200],
    ['12.5', 'CNY', 1250],
    ['¥ 12.50', 'CNY', 1250],
    ['1,299.00', 'CNY', 129900],
    ['12,5', 'EUR', 1250],
    ['１２．５', 'CNY', 1250],
    ['.5', 'CNY', 50],
    ['1299', 'JPY', 1299],
  ])('%s %s is %i', (text, currency, want) => {
    expect(parseAmount(text, currency)).toBe(want)
  })

  it.each([
    ['', 'CNY'],
    ['abc', 'CNY'],
    ['1.2.3', 'CNY'],
    ['1.005', 'CNY'],
    ['1.5', 'JPY'],
    ['9999999999999', 'CNY'],
  ])('%j in %s is none', (text, currency) => {
    expect(parseAmount(text, currency)).toBeUndefined()
  })

  it('comes back as it was written', () => {
    expect(writeAmount(1250, 'CNY')).toBe('12.50')
    expect(writeAmount(1299, 'JPY')).toBe('1299')
    expect(parseAmount(writeAmount(84506, 'CNY'), 'CNY')).toBe(84506)
  })
})
