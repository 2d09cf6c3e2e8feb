import { expect, it } from 'vitest'
import { instantOf } from '@/console/money/filter'
import { lastDay } from './expiry'
import { day } from './format'

it('names the day that was chosen, not the one after', () => {
  const expires = instantOf('2027-12-31', true)!
  expect(day(lastDay(expires), 'en', new Date('2026-11-22T00:00:00Z'))).toBe('Dec 31, 2027')
  expect(day(lastDay('2027-03-01T09:30:00Z'), 'en', new Date('2026-11-22T00:00:00Z'))).toBe('Mar 1, 2027')
})
