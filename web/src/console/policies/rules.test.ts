// The rules of the API have a part named then; nobody awaits them.
/* oxlint-disable unicorn/no-thenable */
import { describe, expect, it } from 'vitest'
import type { Rules } from '@/api/staff'
import { moneyOf } from './extra'
import { anyOutside, badWait, complaint, minorUnits, toForm, toRules, withPreset, written } from './rules'

const rules: Rules = {
  window_days: 7,
  categories: {
    underwear: { final: true, why: 'hygiene', once_opened: true, traits: ['sealed_hygiene'] },
    electronics: { window_days: 15 },
  },
  reasons: [
    { code: 'no_longer_needed', photos: 'none', freight: 'customer' },
    {
      code: 'defective',
      photos: 'required',
      freight: 'seller',
      window_days: 30,
      claim: 'defect',
      cure_days: 731,
      auto_approve: { CNY: 9000 },
    },
  ],
  auto_approve: { CNY: 50000, JPY: 10000 },
  label_fee: { CNY: 1000 },
  shipping: 'none',
  full_shipping: true,
  answer_hours: 48,
  ship_back_days: 7,
  inspect_hours: 72,
  payout_hours: 24,
}

it('rules come back from the form as they went in', () => {
  expect(toRules(toForm('Standard', rules))).toEqual(rules)
})

it('every setting of the rules survives the form, also those it does not know', () => {
  const all = {
    ...rules,
    preset: 'taobao',
    timers: { offer_hours: 24, late_days: 30, working_days: true, calendar: 'CN' },
    kinds: ['return_refund', 'exchange', 'compensation', 'refund_only'],
    promotions: 'rebill',
    tender: 'proportional',
    silence: 'approve',
    restocking_fee: 10,
    returnless: { below: { CNY: 2000 } },
    advance: { max: { CNY: 30000 }, after: 'first_scan' },
    exchange: { hold_days: 45 },
    price_protection_days: 0,
    compensation: { goodwill: { CNY: 5000 }, statutory: { EUR: 100 } },
    bulk_limit: { CNY: 500000 },
    markets: ['CN', 'DE'],
    parent: 'platform',
    conditions: [
      {
        id: 'vip',
        when: "customer.tier == 'gold'",
        kinds: ['return_refund'],
        then: {
          outcome: 'approve',
          window_days: 0,
          auto_approve: { CNY: 12345 },
          needs: [{ name: 'use.opened', type: 'bool', says: { en: 'Opened?' } }],
          later: true,
        },
        says: { en: 'Gold' },
        later: 1,
      },
    ],
    tiers: { gold: { window_days: 30, returnless: { JPY: 500 }, freight: 'seller' } },
    promises: [{ code: 'fake_four', multiple: 400, max: { CNY: 100000 } }],
    offers: [{ id: 'keep', offer: 'partial', percent: 30, only_on_demand: true }],
    evidence: [{ ask: ['photo'], above: { CNY: 20000 } }],
    invented_later: { x: 1 },
  } as unknown as Rules
  delete all.price_protection_days
  expect(toRules(toForm('Standard', all))).toEqual(all)
})

it('a preset sets the window and the times, and leaves the rest alone', () => {
  const form = toForm('Standard', { ...rules, timers: { offer_hours: 5, working_days: true, calendar: 'CN' } })
  const timers = { answer_hours: 120, ship_back_days: 14, inspect_hours: 240, payout_hours: 24 }
  const pack = { name: 'eu', window_days: 14, timers, facts: [] }
  const next = toRules(withPreset(form, pack as unknown as Parameters<typeof withPreset>[1]))
  expect(next).toMatchObject({
    preset: 'eu',
    window_days: 14,
    ...timers,
    timers: { working_days: true, calendar: 'CN' },
  })
  expect(next.timers?.offer_hours).toBeUndefined()
  expect(next.reasons).toEqual(rules.reasons)
})

it('a wait is empty or a whole number within its limit', () => {
  const form = toForm('Standard', rules)
  const wait = (text: string) => badWait({ ...form, timers: { ...form.timers, transit_days: text } }, 'transit_days')
  expect(['', '0', '90', '91', '1.5', 'x'].map(wait)).toEqual([false, false, false, true, true, true])
})

describe('amounts', () => {
  it.each([
    ['500', 'CNY', 50000],
    ['500.5', 'CNY', 50050],
    ['1,200.00', 'USD', 120000],
    ['10000', 'JPY', 10000],
    ['0.125', 'KWD', 125],
    ['0.29', 'EUR', 29],
  ])('%s %s are %i minor units', (text, currency, minor) => {
    expect(minorUnits(text, currency)).toBe(minor)
  })

  it.each([
    ['1.005', 'CNY'],
    ['1.5', 'JPY'],
    ['-1', 'CNY'],
    ['abc', 'CNY'],
  ])('%s is no amount in %s', (text, currency) => {
    expect(minorUnits(text, currency)).toBeNaN()
  })

  it('are written with the digits of the currency; none is empty', () => {
    expect([written(50000, 'CNY'), written(700, 'JPY'), written(undefined, 'CNY')]).toEqual(['500.00', '700', ''])
    expect(minorUnits(' ', 'CNY')).toBeUndefined()
  })
})

it('finds the complaint about a field however the server names it', () => {
  const errors = [
    { field: 'rules.window_days', message: 'a' },
    { field: 'rules.reasons[1].code', message: 'b' },
    { field: 'auto_approve.XXX', message: 'c' },
  ]
  expect(complaint(errors, 'window_days')?.message).toBe('a')
  expect(complaint(errors, 'reasons.1.code')?.message).toBe('b')
  expect(complaint(errors, 'auto_approve.XXX')?.message).toBe('c')
  expect(complaint(errors, 'name')).toBeUndefined()
})

it('numbers outside their limits are found before saving', () => {
  const form = toForm('Standard', rules)
  expect(anyOutside(form)).toBe(false)
  expect(anyOutside({ ...form, window_days: 36501 })).toBe(true)
  expect(anyOutside({ ...form, answer_hours: 0 })).toBe(true)
  expect(anyOutside({ ...form, payout_hours: 1.5 })).toBe(true)
  expect(anyOutside({ ...form, payout_hours: '' as unknown as number })).toBe(true)
})

it('reads amounts of several currencies from one line, and refuses what is none', () => {
  expect(moneyOf('cny 500, JPY 1000')).toEqual({ CNY: 50000, JPY: 1000 })
  expect(moneyOf(' ')).toEqual({})
  for (const bad of ['500', 'CNY', 'CNY 1.234', 'CNY 1, CNY 2', 'JPY 1.5']) expect(moneyOf(bad)).toBeUndefined()
})
