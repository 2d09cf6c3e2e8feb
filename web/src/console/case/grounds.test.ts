import { expect, it } from 'vitest'
import desk from '@/i18n/desk.en.json'
import { startI18n } from '@/i18n'
import { clauseWord, lawPage } from './grounds'

it('leads to the law that has the rule, in the version that decided', () => {
  const at = (packs: string[], rule: string) => {
    const page = lawPage(packs, rule)
    return page && `${page.path}?version=${page.query.version}&q=${page.query.q}`
  }
  expect(at(['CN@2'], 'CN-WD')).toBe('/rights/CN?version=2&q=CN-WD')
  expect(at(['US@1', 'US-NY@3'], 'US-NY-RETURN')).toBe('/rights/US-NY?version=3&q=US-NY-RETURN')
  expect(at(['FR@1'], 'EU-WD-BTN')).toBe('/rights/FR?version=1&q=EU-WD-BTN')
  expect(at([], 'CN-WD')).toBeUndefined()
})

it('says what a clause of the shop is about, not where it is written', async () => {
  await startI18n({ 'x.en.json': async () => ({ default: desk }) })
  expect(clauseWord('standard@2/window_days')).toBe('Return window')
  expect(clauseWord('standard@2/reasons/defective/window_days')).toBe('Return window')
  expect(clauseWord('standard@2/conditions/gold_only')).toBe('Conditions')
  expect(clauseWord('our-own@1/something')).toBe('something')
})
