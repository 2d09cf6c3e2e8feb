import { beforeEach, expect, it, vi } from 'vitest'
import { kept } from '@/lib/keep'
import type { Waiting } from './outbox'

const sent: { url: string; key: string | null }[] = []
let answer: () => Promise<Response>
const one: Waiting = {
  key: 'key-1',
  draft: 'draft.ord_1',
  order: 'ord_1',
  request: { order: 'ord_1', kind: 'refund_only', items: [], photos: [] } as unknown as Waiting['request'] & object,
}
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const settled = () => new Promise((done) => setTimeout(done, 20))

beforeEach(() => {
  localStorage.clear()
  sent.length = 0
  vi.resetModules()
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, key: new Headers(init.headers).get('Idempotency-Key') })
    return answer()
  })
})

it('keeps a request until it has arrived, and sends it under the key of the first attempt', async () => {
  const outbox = await import('./outbox')
  localStorage.setItem('aftercare.draft.ord_1', '{}')
  outbox.enqueue(one)
  expect(JSON.parse(kept('outbox'))).toEqual([one])
  answer = () => Promise.resolve(json(201, { id: 'case_1' }))
  await outbox.flush()
  await settled()
  expect(sent).toEqual([{ url: '/v1/my/cases', key: 'key-1' }])
  expect(kept('outbox')).toBe('')
  expect(kept('draft.ord_1')).toBe('')
})

it('says what the server did not take, and keeps the draft', async () => {
  const outbox = await import('./outbox')
  localStorage.setItem('aftercare.draft.ord_1', '{}')
  outbox.enqueue(one)
  answer = () => Promise.resolve(json(409, { code: 'refund.units_taken', title: 'Taken' }))
  await outbox.flush()
  expect(outbox.refused.value?.to).toBe('/return/ord_1')
  expect(outbox.waiting.value).toEqual([])
  expect(kept('draft.ord_1')).toBe('{}')
})

it('goes on with what an earlier visit left, and holds one request of a draft only', async () => {
  answer = () => Promise.reject(new TypeError('no network'))
  const outbox = await import('./outbox')
  outbox.enqueue(one)
  outbox.enqueue({ ...one, key: 'key-2' })
  expect(outbox.waiting.value.map((other) => other.key)).toEqual(['key-2'])
  vi.resetModules()
  answer = () => Promise.resolve(json(201, { id: 'case_1' }))
  await import('./outbox')
  await settled()
  expect(sent.at(-1)?.key).toBe('key-2')
  expect(kept('outbox')).toBe('')
})

it('loses nothing that another tab has queued', async () => {
  answer = () => Promise.reject(new TypeError('no network'))
  const outbox = await import('./outbox')
  const theirs = { ...one, key: 'key-9', draft: 'draft.ord_9', order: 'ord_9' }
  localStorage.setItem('aftercare.outbox', JSON.stringify([theirs]))
  outbox.enqueue(one)
  expect(JSON.parse(kept('outbox')).map((other: Waiting) => other.key)).toEqual(['key-9', 'key-1'])
  localStorage.setItem('aftercare.outbox', JSON.stringify([one]))
  window.dispatchEvent(new StorageEvent('storage', { key: 'aftercare.outbox' }))
  expect(outbox.waiting.value.map((other) => other.key)).toEqual(['key-1'])
})
