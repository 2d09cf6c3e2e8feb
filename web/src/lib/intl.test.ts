// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { digits } from '@/console/policies/units'
import { digitsOf } from './amount'
import { dateTime, dayOf, money } from './format'

interface Shown {
  money: Record<string, Record<string, string>>
  days: Record<string, string>
  moments: Record<string, string>
}
const base = new URL('../../../base/', import.meta.url)
const file = JSON.parse(readFileSync(new URL('locale/testdata/intl.json', base), 'utf8')) as {
  cldr: string
  languages: Record<string, Shown>
}
const all = Object.entries(file.languages)
/** Another year, so that it is told. */
const later = new Date('2031-01-01T12:00:00Z')

// The server's sentences are held to the same file by base/locale/forms_test.go.
// A Node with another CLDR may write otherwise: then see scripts/forms.mjs.
describe(`the pages and the sentences of the server tell alike, by CLDR ${file.cldr}`, () => {
  it.each(all)('amounts in %s', (lang, { money: amounts }) => {
    for (const [currency, by] of Object.entries(amounts))
      for (const [minor, want] of Object.entries(by)) expect(money({ minor: Number(minor), currency }, lang)).toBe(want)
  })

  it.each(all)('days in %s', (lang, { days, moments }) => {
    for (const [date, want] of Object.entries(days)) expect(dayOf(date, lang, later)).toBe(want)
    for (const [at, want] of Object.entries(moments)) {
      const here = at.replace('Z', '') // the same clock, in the zone of this process
      expect(dateTime(new Date(here).toISOString(), lang, later)).toBe(want)
    }
  })
})

it('a currency has the digits of the list that the server counts by', () => {
  const list = readFileSync(new URL('money/iso4217.txt', base), 'utf8')
  const rows = [...list.matchAll(/^([A-Z]{3}) (\d) /gm)]
  expect(rows.length).toBeGreaterThan(150)
  for (const [, currency, want] of rows) expect([currency, digitsOf(currency!)]).toEqual([currency, Number(want)])
  for (const none of ['', 'J', 'JP']) expect(digits(none)).toBe(2)
})
