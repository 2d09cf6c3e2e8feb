import { describe, expect, it } from 'vitest'
import type { Catalogue } from '.'
import { more } from './more'

const base = import.meta.glob<{ default: Catalogue }>('./*.en.json', { eager: true })
const files = import.meta.glob<{ default: Catalogue }>('./more/*.json', { eager: true })
const sources = import.meta.glob<string>(
  ['../portal/**/*.{ts,vue}', '../ui/*.vue', '../lib/*.ts', '../seal/*.{ts,vue}', '!../**/*.test.ts'],
  {
    eager: true,
    query: '?raw',
    import: 'default',
  },
)
const english = (face: string) => base[`./${face}.en.json`]!.default
const source = Object.values(sources).join('\n')

/** Texts about rights that only staff see are not translated further. */
const staffOnly = new Set(['rights.needs', 'rights.sure.'])
const made = [...source.matchAll(/`((?:rights|needs|ground)\.[a-z_.]*)\$\{/g)]
  .map((found) => found[1]!)
  .filter((prefix) => !staffOnly.has(prefix))
const rights = Object.fromEntries(
  Object.entries(english('rights')).filter(
    ([key]) => !staffOnly.has(key) && (source.includes(`'${key}'`) || made.some((prefix) => key.startsWith(prefix))),
  ),
)

/** Of the sealed record, customers see its proof and who looked at their data, and may meet these refusals. */
const sealMade = [...source.matchAll(/`((?:seal|reads)\.[a-z_.]*)\$\{/g)].map((found) => found[1]!)
const sealRefusals = /^problem\.(record\.|seal\.not_)/
const seal = Object.fromEntries(
  Object.entries(english('seal')).filter(
    ([key]) => sealRefusals.test(key) || source.includes(`'${key}'`) || sealMade.some((prefix) => key.startsWith(prefix)),
  ),
)
const wanted: Record<string, Catalogue> = {
  shared: english('shared'),
  portal: { ...english('portal'), ...english('later'), ...rights },
  seal,
  check: english('check'),
}

const text = (message: Catalogue[string] | undefined) =>
  typeof message === 'object' ? Object.values(message).join(' ') : (message ?? '')
const placeholders = (message: Catalogue[string] | undefined) => [...new Set(text(message).match(/\{\w+\}/g))].sort()

describe.each(more.map(({ code }) => code))('the texts for customers in %s', (code) => {
  describe.each(Object.keys(wanted))('%s', (face) => {
    const found = files[`./more/${face}.${code}.json`]!.default
    const keys = Object.keys(wanted[face]!)

    it('are complete', () => {
      expect(keys.filter((key) => !text(found[key]))).toEqual([])
      expect(Object.keys(found).filter((key) => !keys.includes(key))).toEqual([])
    })

    it('have the placeholders of English', () => {
      for (const key of keys) expect([key, placeholders(found[key])]).toEqual([key, placeholders(wanted[face]![key])])
    })

    it('have the plural forms of the language, and no others', () => {
      const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories
      const several = forms.filter((form) => form !== 'other' && !(form === 'many' && /^(es|fr|pt)/.test(code)))
      const every = [...several, 'other'].sort()
      for (const [key, message] of Object.entries(found)) {
        const one = typeof wanted[face]![key] === 'string'
        expect([key, typeof message === 'string' ? 'one text' : Object.keys(message).sort()]).toEqual([
          key,
          one ? 'one text' : every,
        ])
      }
    })
  })
})
