import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import type { StaffCase } from '@/api/staff'
import { configureClient } from '@/lib/client'
import { queries } from '../query'
import { actionOf, useCaseAction } from './act'

const amount = { minor: 100, currency: 'CNY' }
const found = (version: number, timeline: unknown[] = []) =>
  ({
    id: 'case_1',
    version,
    items: [],
    order: { id: 'o', number: '1' },
    money: { quoted: { total: amount }, reserved: amount },
    timers: [],
    next: { who: 'seller' },
    timeline,
    actions: [{ action: 'approve', allowed: false, reason: { code: 'final', text: 'The case is over' } }],
  }) as unknown as StaffCase
const calls: { method: string; headers: Headers }[] = []
function answers(...list: [number, unknown][]): void {
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    calls.push({ method: init.method!, headers: new Headers(init.headers) })
    const [status, body] = list[Math.min(calls.length, list.length) - 1]!
    return new Response(JSON.stringify(body), { status })
  })
}
beforeEach(() => {
  calls.length = 0
  queries.clear()
  configureClient({ wait: async () => {} })
})
afterEach(() => vi.unstubAllGlobals())

describe('an action on a case', () => {
  it('goes out with the version that was read and puts the answer everywhere', async () => {
    answers([200, found(4)])
    const { run } = useCaseAction(shallowRef(found(3)))
    expect(await run({ action: 'note', text: 'x' })).toMatchObject({ version: 4 })
    expect(calls[0]!.headers.get('If-Match')).toBe('"3"')
    expect(queries.getQueryData(['case', 'case_1'])).toMatchObject({ version: 4 })
  })

  it('tells who was faster, reads the case again and sends the next press with the new version', async () => {
    const first = {
      id: 'evt_1',
      at: '2026-11-21T01:00:00Z',
      type: 'case.submitted',
      actor: { kind: 'customer' },
      text: 'a',
    }
    const last = {
      id: 'evt_2',
      at: '2026-11-21T02:00:00Z',
      type: 'case.noted',
      actor: { kind: 'staff', name: 'Wang' },
      text: 'b',
    }
    answers([412, { code: 'cases.stale' }], [200, found(5, [last, first])], [200, found(6)])
    const shown = shallowRef(found(3))
    const { run, overtaken, problem } = useCaseAction(shown)
    expect(await run({ action: 'note', text: 'kept' })).toBeUndefined()
    expect(overtaken.value?.actor.name).toBe('Wang')
    expect(problem.value).toBeUndefined()
    shown.value = queries.getQueryData<StaffCase>(['case', 'case_1'])!
    await run({ action: 'note', text: 'kept' })
    expect(calls[2]!.headers.get('If-Match')).toBe('"5"')
    expect(overtaken.value).toBeUndefined()
  })

  it('keeps other refusals as problems', async () => {
    answers([409, { code: 'cases.move', title: 'No' }])
    const { run, problem } = useCaseAction(shallowRef(found(3)))
    await run({ action: 'approve' })
    expect(problem.value?.code).toBe('cases.move')
  })

  it('says why it is not possible', () => {
    expect(actionOf(found(1), 'approve')).toEqual({ allowed: false, why: 'The case is over', role: false })
    expect(actionOf(found(1), 'grade')).toMatchObject({ allowed: false, role: true })
  })
})
