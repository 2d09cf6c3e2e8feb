// Writes down how each language of customers tells amounts and days, as the Intl
// of this Node knows it from CLDR: base/locale/forms.json, which the server words
// its sentences with, and base/locale/testdata/intl.json, what a browser shows,
// which the tests of the server and of the pages are both held to.
// Run it with the Node of the README: node scripts/forms.mjs
import { mkdir, readFile, writeFile } from 'node:fs/promises'

const root = new URL('../../base/', import.meta.url)
const languages = ['zh-CN', 'zh-TW', 'en', 'ja', 'ko', 'es', 'fr', 'de', 'pt-BR', 'ru', 'ar']
const iso = await readFile(new URL('money/iso4217.txt', root), 'utf8')
const currencies = [...iso.matchAll(/^([A-Z]{3}) (\d) /gm)].map((found) => [found[1], Number(found[2])])
const exponent = Object.fromEntries(currencies)

const joined = (parts, names) => parts.map((part) => names[part.type] ?? part.value).join('')
const one = (parts, type) => parts.find((part) => part.type === type)?.value

function number(lang, currency) {
  const digits = exponent[currency]
  return new Intl.NumberFormat(lang, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

const day = (lang) =>
  new Intl.DateTimeFormat(lang, {
    year: 'numeric',
    month: lang.startsWith('zh') ? 'long' : 'short',
    day: 'numeric',
    timeZone: 'UTC',
  })
const clock = (lang) =>
  new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' })

// The pattern of an amount; {n} is the whole number with its signs inside.
function amount(parts) {
  const names = { integer: '{n}', group: '', decimal: '', fraction: '', currency: '{c}' }
  return joined(parts, names).replace(/(\{n\})+/, '{n}')
}

function form(lang) {
  const euros = number(lang, 'EUR')
  const large = euros.formatToParts(1234567.5)
  const months = Array.from({ length: 12 }, (_, month) =>
    one(day(lang).formatToParts(Date.UTC(2026, month, 3)), 'month'),
  )
  return {
    group: one(large, 'group'),
    grouped_from: one(euros.formatToParts(1234.5), 'group') ? 4 : 5,
    point: one(large, 'decimal'),
    plus: amount(large),
    minus: amount(euros.formatToParts(-1234567.5)),
    // format() has a blank where parts have a narrow one, which V8 takes out.
    day: joined(day(lang).formatToParts(Date.UTC(2026, 10, 3)), { day: '{d}', month: '{m}', year: '{y}' }).replaceAll(
      '\u202f',
      ' ',
    ),
    months,
  }
}

// An Arabic sign may end with a mark of direction, which is a part of its own.
const sign = (parts) => one(parts, 'currency') + (parts.at(-1).value === '\u200f' ? '\u200f' : '')

// Signs by currency: that of most languages, and where one has its own. A
// currency that is missing has its code.
function signs() {
  const common = {}
  const own = Object.fromEntries(languages.map((lang) => [lang, {}]))
  for (const [currency] of currencies) {
    const by = languages.map((lang) => sign(number(lang, currency).formatToParts(1)))
    const times = (mark) => by.filter((other) => other === mark).length
    const most = [...by].sort((a, b) => times(b) - times(a))[0]
    if (most !== currency) common[currency] = most
    languages.forEach((lang, i) => {
      if (by[i] !== most) own[lang][currency] = by[i]
    })
  }
  return { common, own }
}

/** As money() of src/lib/format.ts: a sign keeps its own direction among Arabic words. */
function shown(lang, currency, minor) {
  const parts = number(lang, currency).formatToParts(minor / 10 ** exponent[currency])
  const apart = (part) => (part.type === 'currency' && lang === 'ar' ? `\u2066${part.value}\u2069` : part.value)
  return parts.map(apart).join('')
}

const samples = [
  'CNY',
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'KRW',
  'TWD',
  'HKD',
  'KWD',
  'BRL',
  'RUB',
  'CHF',
  'HUF',
  'IQD',
  'EGP',
  'AED',
  'SEK',
  'CLF',
]
const minors = [0, 5, 50000, 123456, -99, -1234567890]
const days = [
  '2026-01-01',
  '2026-02-28',
  '2026-03-09',
  '2026-04-30',
  '2026-05-17',
  '2026-06-06',
  '2026-07-14',
  '2026-08-31',
  '2026-09-22',
  '2026-10-10',
  '2026-11-30',
  '2024-02-29',
]

function expected(lang) {
  const money = {}
  for (const currency of samples) {
    money[currency] = Object.fromEntries(minors.map((minor) => [minor, shown(lang, currency, minor)]))
  }
  const at = Date.UTC(2026, 10, 30, 9, 5)
  return {
    money,
    days: Object.fromEntries(days.map((date) => [date, day(lang).format(new Date(`${date}T12:00:00Z`))])),
    moments: { '2026-11-30T09:05:00Z': `${day(lang).format(at)} ${clock(lang).format(at)}` },
  }
}

const each = (of) => Object.fromEntries(languages.map((lang) => [lang, of(lang)]))
// Marks and blanks that nobody sees are written out.
const unseen = /[\u00a0\u061c\u200e\u200f\u202f\u2066-\u2069]/g
const text = (value) =>
  JSON.stringify(value, null, 1).replace(unseen, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`) +
  '\n'

const { common, own } = signs()
const forms = each((lang) => ({ ...form(lang), signs: own[lang] }))
await mkdir(new URL('locale/testdata/', root), { recursive: true })
await writeFile(
  new URL('locale/forms.json', root),
  text({ cldr: process.versions.cldr, signs: common, languages: forms }),
)
await writeFile(
  new URL('locale/testdata/intl.json', root),
  text({ cldr: process.versions.cldr, languages: each(expected) }),
)
