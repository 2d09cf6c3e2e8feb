import { expect, it } from 'vitest'
import { countriesIn, guess } from './places'

it('names countries in the language of the reader', () => {
  const found = countriesIn('zh-CN').find((one) => one.value === 'FR')
  expect(found?.label).toBe('法国')
})

it('guesses where somebody lives by the settings of the browser, and passes over what is no language', () => {
  expect(guess(['not a tag', 'zh-TW', 'en-US'])).toBe('TW')
  expect(guess(['zh'])).toBe('CN')
  expect(guess(['fr-CA'])).toBe('CA')
  expect(guess([])).toBe('')
})
