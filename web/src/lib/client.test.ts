import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, configureClient, request } from './client'
import { Intent } from './intent'
import { Problem } from './problem'

type Call = { url: string; init: RequestInit; headers: Headers }
const calls: Call[] = []
const waits: number[] = []
const signedOut = vi.fn<(route: string) => void>()

function answers(...list: (() => Response)[]): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, init, headers: new Headers(init.headers) })
    return list[Math.min(calls.length, list.length) - 1]!()
  })
}
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers })
const lost = () => {
  throw new TypeError('network')
}
const body = { order: 'ord_1', items: [], photos: [] }

beforeEach(() => {
  calls.length = waits.length = 0
  configureClient({ language: () => 'zh-TW', signedOut, wait: async (ms) => void waits.push(ms) })
})
afterEach(() => vi.unstubAllGlobals())

describe('a call', () => {
  it('fills the path, leaves out empty query values and asks in the chosen language', async () => {
    answers(json(200, { items: [], next: '' }))
    await api('GET /v1/cases', { query: { state: 'submitted', q: '', cursor: undefined } })
    await api('GET /v1/my/orders/{id}', { path: { id: 'a/b' } })
    expect(calls.map((call) => call.url)).toEqual(['/v1/cases?state=submitted', '/v1/my/orders/a%2Fb'])
    expect(calls[0]!.headers.get('Accept-Language')).toBe('zh-TW')
    expect(calls[0]!.headers.has('Idempotency-Key')).toBe(false)
  })

  it('returns data, ETag and request id', async () => {
    answers(json(200, { id: 'case_1' }, { ETag: '"7"', 'X-Request-Id': 'req_1' }))
    const got = await request('GET /v1/my/cases/{id}', { path: { id: 'case_1' } })
    expect(got).toEqual({ data: { id: 'case_1' }, etag: '"7"', requestId: 'req_1' })
  })

  it('sends the version it saw', async () => {
    answers(json(200, {}))
    await api('POST /v1/my/cases/{id}/actions', { path: { id: 'c' }, version: 7, body: { action: 'withdraw' } })
    expect(calls[0]!.headers.get('If-Match')).toBe('"7"')
  })

  it('accepts an empty answer', async () => {
    answers(() => new Response(null, { status: 204 }))
    await expect(api('DELETE /v1/my/session')).resolves.toBeUndefined()
  })
})

describe('the Idempotency-Key', () => {
  const keys = () => calls.map((call) => call.headers.get('Idempotency-Key'))

  it('stays the same over automatic retries', async () => {
    answers(lost, json(503, {}), json(201, {}))
    await api('POST /v1/my/cases', { body })
    expect(calls).toHaveLength(3)
    expect(new Set(keys()).size).toBe(1)
    expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('stays the same when the user presses again after a failure', async () => {
    const intent = new Intent()
    answers(json(500, {}), json(201, {}))
    await expect(api('POST /v1/my/cases', { body, intent })).rejects.toBeInstanceOf(Problem)
    await api('POST /v1/my/cases', { body, intent })
    expect(keys()[1]).toBe(keys()[0])
  })

  it('is new for other content and after success', async () => {
    const intent = new Intent()
    answers(json(422, {}), json(201, {}), json(201, {}))
    await expect(api('POST /v1/my/cases', { body, intent })).rejects.toBeInstanceOf(Problem)
    await api('POST /v1/my/cases', { body: { ...body, comment: 'other' }, intent })
    await api('POST /v1/my/cases', { body: { ...body, comment: 'other' }, intent })
    expect(new Set(keys()).size).toBe(3)
  })
})

describe('a refusal', () => {
  it('keeps code, facts, field errors and request id', async () => {
    const errors = [{ field: 'code', message: 'Wrong' }]
    answers(
      json(401, { code: 'proof.wrong_code', title: 'Wrong code.', attempts_left: 3, request_id: 'req_9', errors }),
    )
    const problem = (await api('POST /v1/my/session', { body: { link: 'x' } }).catch((error) => error)) as Problem
    expect(problem).toMatchObject({ status: 401, code: 'proof.wrong_code', requestId: 'req_9', errors })
    expect(problem.message).toBe('Wrong code.')
    expect(problem.facts.attempts_left).toBe(3)
    expect(signedOut).not.toHaveBeenCalled()
  })

  it('without a problem document still has a code and the request id of the header', async () => {
    answers(() => new Response('<html>', { status: 404, headers: { 'X-Request-Id': 'req_2' } }))
    await expect(api('GET /v1/shop')).rejects.toMatchObject({ status: 404, code: 'http.404', requestId: 'req_2' })
    expect(calls).toHaveLength(1)
  })

  it('tells when a session has ended', async () => {
    answers(json(401, { code: 'proof.no_session' }))
    await expect(api('GET /v1/my/orders')).rejects.toMatchObject({ status: 401 })
    expect(signedOut).toHaveBeenCalledWith('GET /v1/my/orders')
  })

  it('of a password is no end of the session', async () => {
    const change = { body: { current: 'a', password: 'b' } }
    answers(json(401, { code: 'account.wrong_credentials' }), json(401, { code: 'session.required' }))
    await expect(api('POST /v1/session/password', change)).rejects.toMatchObject({ status: 401 })
    expect(signedOut).not.toHaveBeenCalled()
    await expect(api('POST /v1/session/password', change)).rejects.toMatchObject({ status: 401 })
    expect(signedOut).toHaveBeenCalledOnce()
  })
})

describe('retries', () => {
  it('wait longer each time and give up after three tries', async () => {
    answers(lost)
    await expect(api('GET /v1/shop')).rejects.toMatchObject({ code: 'network.unreachable', unreachable: true })
    expect(calls).toHaveLength(3)
    expect(waits[1]!).toBeGreaterThan(waits[0]!)
  })

  it('wait as long as the server asks', async () => {
    answers(json(429, {}, { 'Retry-After': '2' }), json(200, {}))
    await api('GET /v1/shop')
    expect(waits).toEqual([2000])
  })

  it('stop when the question was withdrawn', async () => {
    const stop = new AbortController()
    stop.abort()
    answers(lost)
    await expect(api('GET /v1/shop', { signal: stop.signal })).rejects.toBeInstanceOf(TypeError)
    expect(calls).toHaveLength(1)
  })
})

describe('what the page asked for early', () => {
  const url = '/v1/cases?limit=50'
  const ask = () => api('GET /v1/cases', { query: { limit: 50 } })
  const early = (lang: string, answer: () => Response) => {
    window.early = { lang, answers: { [url]: Promise.resolve().then(answer) } }
  }
  afterEach(() => (window.early = undefined))

  it('is taken over once', async () => {
    early('zh-TW', json(200, { items: ['early'] }))
    answers(json(200, { items: ['later'] }))
    expect(await ask()).toEqual({ items: ['early'] })
    expect(await ask()).toEqual({ items: ['later'] })
    expect(calls.length).toBe(1)
  })
  it('is asked again in another language, after a change, without an answer, and when the server was busy', async () => {
    answers(json(200, { items: ['later'] }))
    early('en', json(200, { items: ['early'] }))
    expect(await ask()).toEqual({ items: ['later'] })
    early('zh-TW', json(200, { items: ['early'] }))
    await api('DELETE /v1/session')
    expect(await ask()).toEqual({ items: ['later'] })
    early('zh-TW', lost)
    expect(await ask()).toEqual({ items: ['later'] })
    early('zh-TW', json(503, {}))
    expect(await ask()).toEqual({ items: ['later'] })
  })
})
