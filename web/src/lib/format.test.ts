import { describe, expect, it } from 'vitest'
import { clock, dateTime, day, duration, list, money, otherZone, retold } from './format'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('money', () => {
  it.each([
    [{ minor: 84506, currency: 'CNY' }, 'zh-CN', '¥845.06'],
    [{ minor: -5394, currency: 'CNY' }, 'zh-CN', '-¥53.94'],
    [{ minor: 12800, currency: 'JPY' }, 'en', '¥12,800'],
    [{ minor: 1234, currency: 'KWD' }, 'en', 'KWD 1.234'],
    [{ minor: 9990, currency: 'TWD' }, 'zh-TW', '$99.90'],
  ])('writes %o in %s with the digits of its currency', (amount, lang, want) => {
    expect(plain(money(amount, lang))).toBe(want)
  })

  it.each([
    ['zh-CN', '¥500.00', 'JP¥500'],
    ['zh-TW', 'CN¥500.00', '¥500'],
    ['en', 'CN¥500.00', '¥500'],
    ['ja', '元 500.00', '￥500'],
    ['ko', 'CN¥500.00', 'JP¥500'],
    ['es', '500,00 CNY', '500 JPY'],
    ['fr', '500,00 CNY', '500 JPY'],
    ['de', '500,00 CN¥', '500 ¥'],
    ['pt-BR', 'CN¥ 500,00', 'JP¥ 500'],
    ['ru', '500,00 CN¥', '500 ¥'],
  ])('tells yuan from yen in %s', (lang, yuan, yen) => {
    expect(plain(money({ minor: 50000, currency: 'CNY' }, lang))).toBe(yuan)
    expect(plain(money({ minor: 500, currency: 'JPY' }, lang))).toBe(yen)
  })
})

describe('time', () => {
  const now = new Date(2026, 10, 21, 15, 0)
  const local = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString()

  it('says today with the clock', () => {
    expect(dateTime(local(2026, 10, 21, 14, 42), 'zh-CN', now)).toBe('今天 14:42')
    expect(dateTime(local(2026, 10, 21, 9, 5), 'en', now)).toBe('today 09:05')
  })

  it('leaves out this year and names another', () => {
    expect(dateTime(local(2026, 9, 2, 8, 0), 'zh-TW', now)).toBe('10月2日 08:00')
    expect(day(local(2025, 9, 2, 8, 0), 'zh-CN', now)).toBe('2025年10月2日')
  })

  it.each([
    [2 * 86400 + 4 * 3600 + 59, 'zh-TW', '2 天 4 小時'],
    [86400, 'en', '1 day'],
    [18 * 3600 + 60, 'en', '18 hours 1 minute'],
    [5, 'en', '1 minute'],
  ])('writes %i seconds in %s in its two largest units', (seconds, lang, want) => {
    expect(duration(seconds, lang)).toBe(want)
  })
})

it('joins a list as a sentence does', () => {
  expect(list(['A', 'B', 'C'], 'zh-CN')).toBe('A、B和C')
})

it('names the zone of the reader only when the clock of the shop shows another time', () => {
  const at = '2026-11-21T06:00:00Z'
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  expect(otherZone(at, here, 'en')).toBe('')
  expect(otherZone(at, '', 'en')).toBe('')
  expect(otherZone(at, 'Pacific/Kiritimati', 'en')).not.toBe('')
})

describe('a sentence of the server', () => {
  const at = new Date(2026, 10, 24, 14, 0).toISOString()
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone

  it('tells its moment by the clock of the reader', () => {
    const own = clock(at, here, 'zh-CN', new Date(2026, 10, 21))
    expect(retold('商家将在 2026年11月24日 14:00 GMT+8 前答复', '2026年11月24日 14:00 GMT+8', own, 'zh-CN')).toBe(
      '商家将在 11月24日 14:00 前答复',
    )
    expect(retold('حتى \u206824 نوفمبر\u2069 $', '\u206824 نوفمبر\u2069', '$&', 'ar')).toBe('حتى \u2068$&\u2069 $')
  })

  it('stays as it is without one, and names a zone that is not the shop’s', () => {
    expect(retold('包裹正在退回途中', undefined, 'x', 'zh-CN')).toBe('包裹正在退回途中')
    expect(clock(at, 'Pacific/Kiritimati', 'en', new Date(2026, 10, 21))).toMatch(/^Nov 24 14:00 \S+$/)
  })
})
