import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseLanguage, lang, nearest, preferred, startI18n, t, tOr, type Catalogue } from '.'
import { problemText } from './problem'
import { Problem } from '@/lib/problem'

const catalogues = import.meta.glob<{ default: Catalogue }>(['./shared.*.json', './portal.*.json'])

beforeEach(() => {
  localStorage.clear()
  history.replaceState(null, '', '/')
})

it.each([
  ['zh', 'zh-CN'],
  ['zh-Hant', 'zh-TW'],
  ['zh-HK', 'zh-TW'],
  ['zh-Hans-SG', 'zh-CN'],
  ['en-GB', 'en'],
  ['de', undefined],
])('takes %s as %s', (tag, want) => {
  expect(nearest(tag)).toBe(want)
})

describe('the language', () => {
  it('comes from the link before the choice kept here', async () => {
    await startI18n(catalogues)
    await chooseLanguage('zh-TW')
    expect(preferred()).toBe('zh-TW')
    history.replaceState(null, '', '/?lang=en')
    expect(preferred()).toBe('en')
  })

  it('changes texts and the lang of the page together', async () => {
    await startI18n(catalogues)
    await chooseLanguage('zh-CN')
    expect([lang.value, document.documentElement.lang, t('act.retry')]).toEqual(['zh-CN', 'zh-CN', '重试'])
    await chooseLanguage('en')
    expect([document.documentElement.lang, t('act.retry')]).toEqual(['en', 'Try again'])
  })
})

describe('a problem', () => {
  it('is told in our words by code, then by status, else by the title of the server', async () => {
    await startI18n(catalogues)
    await chooseLanguage('en')
    const text = (status: number, code: string, title?: string) => problemText(new Problem(status, code, { title }))
    expect(text(412, 'cases.stale', 'x')).toBe('This has just changed. Look at the new state and try again.')
    expect(text(500, 'about:blank', 'x')).toBe('The server had a problem. Please try again in a moment.')
    expect(text(404, 'http.404')).toBe('This was not found; the link may be out of date.')
    expect(text(409, 'cases.not_in_catalogue', 'The case is busy.')).toBe('The case is busy.')
  })

  it('falls back where a text is missing', () => {
    expect(tOr('no.such.key', 'fallback')).toBe('fallback')
  })
})

it('adds texts in the language that is on its way, whichever arrives first', async () => {
  let arrive = () => {}
  const slow = new Promise<void>((done) => (arrive = done))
  const file = (text: string, wait?: Promise<void>) => async () => {
    await wait
    return { default: { 'act.back': text } }
  }
  const first = startI18n({ './a.en.json': file('Back', slow), './a.zh-CN.json': file('返回') })
  const { addTexts } = await import('.')
  const more = addTexts({ './b.en.json': async () => ({ default: { 'act.retry': 'Again' } }) })
  arrive()
  await Promise.all([first, more])
  expect([lang.value, t('act.back'), t('act.retry')]).toEqual(['en', 'Back', 'Again'])
})

it('shows English where a text is missing, never its key', async () => {
  const file = (texts: Catalogue) => async () => ({ default: texts })
  await startI18n(
    { './a.en.json': file({ 'act.back': 'Back' }), './a.de.json': file({ 'act.retry': 'Noch einmal' }) },
    [{ code: 'de', name: 'Deutsch' }],
  )
  await chooseLanguage('de')
  expect([t('act.retry'), t('act.back')]).toEqual(['Noch einmal', 'act.back'])
  await vi.waitFor(() => expect(t('act.back')).toBe('Back'))
})

it('turns the page around in Arabic, and keeps what is put in its own way', async () => {
  const file = (texts: Catalogue) => async () => ({ default: texts })
  await startI18n({ './a.ar.json': file({ 'orders.who': 'باسم {name}' }) }, [{ code: 'ar', name: 'العربية' }])
  await chooseLanguage('ar')
  expect([document.documentElement.dir, t('orders.who', { name: 'Lin' })]).toEqual(['rtl', 'باسم \u2068Lin\u2069'])
  await chooseLanguage('en')
  expect(document.documentElement.dir).toBe('ltr')
})
