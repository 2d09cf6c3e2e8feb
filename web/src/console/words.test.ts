import { describe, expect, it } from 'vitest'
import type { StaffCase } from '@/api/staff'
import { startI18n } from '@/i18n'
import { deviceName, purposeWord, roughly, stateWord, summaryOf, urgency } from './words'

const at = (hours: number) => new Date(Date.UTC(2026, 10, 21, hours)).toISOString()

describe('a deadline', () => {
  it.each([
    ['neutral', at(0), at(48), at(20)],
    ['warn', at(0), at(48), at(37)],
    ['warn', at(0), at(48), at(45)],
    ['bad', at(0), at(48), at(48)],
  ])('is %s from %s to %s at %s', (tone, since, by, now) => {
    expect(urgency(by, since, new Date(now))).toBe(tone)
  })

  it('is told in its largest unit', () => {
    expect([roughly(70 * 3600, 'en'), roughly(5400, 'en'), roughly(20, 'en')]).toEqual(['2 days', '1 hr', '1 min'])
    expect(roughly(-7200, 'zh-CN')).toBe('2小时')
  })
})

it('a case that sends goods says for whom it waits; one that was sent is only paid', async () => {
  const texts = {
    default: {
      'state.sending': 'To send',
      'outbound.held_for_payment': 'Unpaid',
      'state.underway': 'Under way',
      'case.state.resolving': 'Paying',
    },
  }
  await startI18n({ 'x.en.json': async () => texts })
  const word = (kind: string, waiting_for: string) => stateWord({ state: 'resolving', kind, waiting_for })
  expect([word('exchange', 'warehouse'), word('exchange', 'customer'), word('exchange', 'system')]).toEqual([
    'To send',
    'Unpaid',
    'Under way',
  ])
  expect(stateWord({ state: 'resolving', kind: 'exchange', next: { who: 'system' } })).toBe('Paying')
  expect(word('return_refund', 'warehouse')).toBe('Paying')
})

it('a later correction has its number', () => {
  expect([purposeWord('adjustment_2'), purposeWord('price_protection')]).toEqual(['adjustment 2', 'price_protection'])
})

it('a case is the same row as the server would give', () => {
  const amount = (minor: number) => ({ minor, currency: 'CNY' })
  const found = {
    id: 'case_1',
    number: 'R-1',
    kind: 'return_refund',
    state: 'inspecting',
    version: 4,
    order: { id: 'ord_1', number: '77' },
    customer: { id: 'c', name: 'Lin' },
    opened_at: at(0),
    updated_at: at(2),
    items: [
      { title: 'Kettle', quantity: 2, reason: { code: 'defective', text: 'Defective' } },
      { title: 'Cup', quantity: 1, reason: { code: 'other', text: 'Other' } },
    ],
    money: { quoted: { total: amount(900) }, reserved: amount(0) },
    timers: [{ deadline: at(20) }],
    next: { who: 'warehouse' },
  } as unknown as StaffCase
  expect(summaryOf(found)).toEqual({
    id: 'case_1',
    number: 'R-1',
    kind: 'return_refund',
    state: 'inspecting',
    order_number: '77',
    customer_name: 'Lin',
    title: 'Kettle',
    quantity: 3,
    amount: amount(900),
    reason: { code: 'defective', text: 'Defective' },
    opened_at: at(0),
    updated_at: at(2),
    deadline: at(20),
    waiting_for: 'warehouse',
    version: 4,
  })
  // Withdrawn is not the same as closed.
  expect(summaryOf({ ...found, closed_as: 'withdrawn' }).closed_as).toBe('withdrawn')
})

it.each([
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) AppleWebKit/537.36 Chrome/141.0 Safari/537.36', 'Chrome · macOS'],
  ['Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18 Safari/604.1', 'Safari · iPad'],
  ['Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox · Windows'],
  ['curl/8.5', 'curl/8.5'],
])('%s is %s', (agent, name) => {
  expect(deviceName(agent)).toBe(name)
})
