import { describe, expect, it } from 'vitest'
import { format, languages, type Catalogue } from '.'

const files = import.meta.glob<{ default: Catalogue }>('./*.json', { eager: true })
const faces = [
  'shared',
  'portal',
  'later',
  'console',
  'desk',
  'inbox',
  'insight',
  'admin',
  'audit',
  'calendar',
  'policy',
  'rights',
  'seal',
  'check',
  'warehouse',
  'talk',
]
const read = (face: string, lang: string) => files[`./${face}.${lang}.json`]!.default

const placeholders = (message: Catalogue[string]) => {
  const text = typeof message === 'string' ? message : Object.values(message).join(' ')
  return [...new Set(text.match(/\{\w+\}/g))].sort()
}

describe.each(faces)('the %s catalogue', (face) => {
  const base = read(face, 'en')

  it.each(languages.map((language) => language.code))('has the same keys in %s', (code) => {
    expect(Object.keys(read(face, code)).sort()).toEqual(Object.keys(base).sort())
  })

  it.each(languages.map((language) => language.code))('has the same placeholders in %s', (code) => {
    const other = read(face, code)
    for (const key of Object.keys(base)) {
      expect([key, placeholders(other[key]!)]).toEqual([key, placeholders(base[key]!)])
    }
  })

  it.each(languages.map((language) => language.code))('leaves no text empty in %s', (code) => {
    const empty = Object.entries(read(face, code)).filter(([, message]) => !message)
    expect(empty).toEqual([])
  })
})

/** What staff read calls a thing by one name: the one that is left out was in half of the pages once. */
const staff = faces.filter((face) => !['shared', 'portal', 'later', 'check'].includes(face))
it.each([
  ['zh-CN', /顾客|案件/],
  ['zh-TW', /客戶|案件/],
])('calls customers and cases by one name in %s', (code, other) => {
  const wrong = staff.flatMap((face) =>
    Object.entries(read(face, code)).filter(([, text]) => other.test(JSON.stringify(text))),
  )
  expect(wrong).toEqual([])
})

it('shares no key between faces', () => {
  const keys = faces.flatMap((face) => Object.keys(read(face, 'en')))
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})

it('holds no key that nobody asks for', () => {
  const sources = import.meta.glob<string>(['../**/*.{ts,vue}', '!../**/*.test.ts', '!../api/openapi.d.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  })
  const source = Object.values(sources).join('\n')
  const said = new Set(source.match(/(?<=['"`])[\w.-]+(?=['"`])/g))
  const begun = [...new Set(source.match(/(?<=['"`])[\w.-]+[._](?=\$\{|['"`])/g))]
  const ended = [...new Set(source.match(/(?<=\})[\w.]+(?=`)/g))]
  const asked = (key: string) =>
    said.has(key) ||
    ended.some((end) => key.endsWith(end) && said.has(key.slice(0, -end.length))) ||
    begun.some((start) => key.startsWith(start)) ||
    key.split('.').some((_, n, parts) => n > 1 && said.has(parts.slice(0, n).join('.')))
  expect(faces.flatMap((face) => Object.keys(read(face, 'en'))).filter((key) => !asked(key))).toEqual([])
})

describe('format', () => {
  it('takes the plural form of the language', () => {
    const message = { one: '{count} item', other: '{count} items' }
    expect(format(message, { count: 1 }, 'en')).toBe('1 item')
    expect(format(message, { count: 2 }, 'en')).toBe('2 items')
    expect(format({ other: '{count} 件' }, { count: 1 }, 'zh-CN')).toBe('1 件')
  })

  it('keeps a placeholder that has no value, so that the mistake is seen', () => {
    expect(format('Hello {name}', {}, 'en')).toBe('Hello {name}')
  })
})
