import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import texts from '@/i18n/console.en.json'
import { startI18n } from '@/i18n'
import DeadlineChip from './DeadlineChip.vue'

const hours = (count: number) => new Date(Date.now() + count * 3600_000 + 60_000).toISOString()
const said = (props: object) => mount(DeadlineChip, { props: { by: hours(30), since: hours(-100), ...props } }).text()

it('says what is left as fully as there is room for', async () => {
  await startI18n({ 'x.en.json': async () => ({ default: texts }) })
  expect(said({})).toBe('30 hr left')
  expect(said({ brief: true })).toBe('30h30 hr left') // the second is for screen readers
  expect(said({ full: true })).toMatch(/^By .*\d.*, 1 day 6 hours left$/)
  expect(said({ full: true, undated: true })).toBe('1 day 6 hours left')
})

it('says in words that time is over, also where it is brief', () => {
  expect(said({ by: hours(-3), brief: true })).toMatch(/overdue$/)
})
