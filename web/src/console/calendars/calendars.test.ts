import { expect, it } from 'vitest'
import type { CalendarBody } from '@/api/calendar'
import { Problem } from '@/lib/problem'
import { complaint, dateText, dayNames, merged, spanText, toBody, toForm } from './calendars'

const body: CalendarBody = {
  mode: 'worked',
  zone: 'Asia/Shanghai',
  country: 'CN',
  week: [{ day: 1, from: '18:00', to: '24:00' }],
  closures: [{ from: '2027-02-04', to: '2027-02-11', name: 'Spring Festival' }],
  extra: [
    { date: '2027-02-14', from: '10:00', to: '24:00', name: '' },
    { date: '2027-02-20', from: '', to: '', name: 'Late' },
  ],
}

it('edits midnight as 00:00 and stores it as 24:00', () => {
  const form = toForm(body)
  expect(form.week[0]!.to).toBe('00:00')
  expect(form.extra.map((one) => one.to)).toEqual(['00:00', ''])
  expect(toBody(form)).toEqual(body)
})

it('adds days of a file that are not there yet', () => {
  const { form, added } = merged(toForm(body), {
    closures: [
      { from: '2027-02-11', to: '2027-02-12', name: 'Overlaps' },
      { from: '2027-01-01', to: '2027-01-01', name: 'New Year' },
    ],
    extra: [{ date: '2027-02-14' }, { date: '2027-02-15' }],
    left: [],
    left_out: 0,
  })
  expect(added).toBe(2)
  expect(form.closures.map((one) => one.name)).toEqual(['New Year', 'Spring Festival'])
  expect(form.extra.map((one) => one.date)).toEqual(['2027-02-14', '2027-02-15', '2027-02-20'])
})

it('says what is wrong at its field only', () => {
  const problem = new Problem(422, 'opening.invalid', {
    errors: [{ field: 'body.closures[1].to', message: 'x', code: 'order' }],
  })
  expect(complaint(problem, 'closures[1].to')).not.toBe('')
  expect(complaint(problem, 'closures[0].to')).toBe('')
  expect(complaint(undefined, 'zone')).toBe('')
})

it('shows dates in no zone', () => {
  expect(dayNames('en')[0]).toBe('Monday')
  expect(dateText('2027-02-04', 'en')).toBe('Feb 4, 2027')
  expect(spanText('2027-02-04', '2027-02-04', 'en')).toBe('Feb 4, 2027')
  expect(dateText('', 'en')).toBe('')
})
