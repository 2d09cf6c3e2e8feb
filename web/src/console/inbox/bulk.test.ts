import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CaseSummary } from '@/api/types'
import { configureClient } from '@/lib/client'
import { limitOf, useBulk, worth } from './bulk'

const cny = (minor: number) => ({ minor, currency: 'CNY' })
const calls: { url: string; body: unknown; key: string | null }[] = []
function answers(...list: [number, unknown][]): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const key = new Headers(init.headers).get('Idempotency-Key')
    calls.push({ url, body: JSON.parse(String(init.body)), key })
    const [status, body] = list[Math.min(calls.length, list.length) - 1]!
    return new Response(JSON.stringify(body), { status })
  })
}
beforeEach(() => {
  calls.length = 0
  configureClient({ wait: async () => {} })
})
afterEach(() => vi.unstubAllGlobals())
const body = { action: 'approve' as const, cases: [{ id: 'case_1', version: 2 }] }

it('adds up what cases are worth by currency', () => {
  const rows = [cny(100), cny(50), { minor: 7, currency: 'JPY' }].map(
    (amount) => ({ amount }) as unknown as CaseSummary,
  )
  expect(worth(rows)).toEqual([cny(150), { minor: 7, currency: 'JPY' }])
})

it('asks for the password, and then does the same wish once', async () => {
  const items = [{ id: 'case_1', ok: true }]
  answers(
    [403, { code: 'session.step_up_required' }],
    [200, { confirmed_until: '' }],
    [200, { done: 1, failed: 0, items }],
  )
  const { run, unlock, locked, outcomes, problem } = useBulk()
  await run(body)
  expect([locked.value, problem.value]).toEqual([true, undefined])
  await unlock('secret', body)
  expect(locked.value).toBe(false)
  expect(outcomes.value).toEqual(items)
  expect(calls.map((one) => one.url)).toEqual(['/v1/cases/bulk', '/v1/session/step-up', '/v1/cases/bulk'])
  expect(calls[2]!.key).toBe(calls[0]!.key)
})

it('keeps what was asked when the password is wrong', async () => {
  answers([403, { code: 'session.step_up_required' }], [401, { code: 'account.wrong_credentials' }])
  const { run, unlock, problem, locked, outcomes } = useBulk()
  await run(body)
  await unlock('wrong', body)
  expect(problem.value?.code).toBe('account.wrong_credentials')
  expect(locked.value).toBe(true)
  expect(outcomes.value).toBeUndefined()
})

it('tells the limit that was passed', async () => {
  answers([422, { code: 'cases.bulk_limit', total: cny(900), limit: cny(500) }])
  const { run, problem } = useBulk()
  await run(body)
  expect(limitOf(problem.value)).toEqual({ total: cny(900), limit: cny(500) })
})
