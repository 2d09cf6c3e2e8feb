import type { Answer, Body, Route } from '@/api/routes'
import { Intent } from './intent'
import { Problem } from './problem'

export interface Options<R extends Route> {
  path?: Record<string, string>
  query?: Record<string, string | number | boolean | undefined>
  body?: Body<R>
  intent?: Intent
  /** The version last read, sent as If-Match; '*' for something that does not exist yet. */
  version?: number | '*'
  signal?: AbortSignal
  /** How often to try in all; only safe calls and calls with an Idempotency-Key are ever repeated. */
  attempts?: number
}
export interface Received<T> {
  data: T
  etag: string
  requestId: string
}

const settings = {
  language: () => document.documentElement.lang,
  signedOut: (_route: Route) => {},
  /** The role needs a second factor that this session has not seen. */
  held: () => {},
  /** A request got no answer. */
  lost: () => {},
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}

/** Tells the client which language to ask for and whom to tell that a session has ended. */
export function configureClient(changes: Partial<typeof settings>): void {
  Object.assign(settings, changes)
}

const again = new Set([429, 502, 503, 504])

function address<R extends Route>(template: string, options: Options<R>): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(options.path?.[name] ?? ''))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size ? `${path}?${query}` : path
}

function headersFor<R extends Route>(method: string, options: Options<R>): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': settings.language() })
  if (options.body !== undefined) headers.set('Content-Type', 'application/json')
  if (method !== 'GET') headers.set('Idempotency-Key', (options.intent ?? new Intent()).keyFor(options.body))
  if (options.version !== undefined) headers.set('If-Match', options.version === '*' ? '*' : `"${options.version}"`)
  return headers
}

function pause(attempt: number, response?: Response): number {
  const asked = Number(response?.headers.get('Retry-After'))
  if (asked > 0) return Math.min(asked, 10) * 1000
  return 300 * 2 ** attempt * (0.75 + Math.random() / 2)
}

declare global {
  interface Window {
    /** What the page asked for itself before the first script came: see app/pages/early.go. */
    early?: { lang: string; answers: Record<string, Promise<Response>> } | undefined
  }
}
const lifeOfEarly = 60_000

/** The answer to what the page asked for early: each is used once, and none after something may have changed. */
function early(method: string, url: string): Promise<Response> | undefined {
  const asked = window.early
  if (!asked || method !== 'GET' || performance.now() > lifeOfEarly) {
    window.early = undefined
    return undefined
  }
  const answer = asked.lang === settings.language() ? asked.answers[url] : undefined
  delete asked.answers[url]
  return answer
}

/** Calls the server and returns the answer with its ETag; refusals and lost connections throw a Problem. */
export async function request<R extends Route>(route: R, options: Options<R> = {}): Promise<Received<Answer<R>>> {
  const [method, template] = route.split(' ') as [string, string]
  const url = address(template, options)
  const init: RequestInit = { method, headers: headersFor(method, options), credentials: 'same-origin' }
  if (options.body !== undefined) init.body = JSON.stringify(options.body)
  if (options.signal) init.signal = options.signal

  const attempts = options.attempts ?? 3
  const asked = early(method, url)
  let ready = asked && (await asked.catch(() => undefined))
  if (ready && again.has(ready.status)) ready = undefined
  for (let attempt = 0; ; attempt++) {
    const last = attempt + 1 >= attempts
    let response: Response
    try {
      response = ready ?? (await fetch(url, init))
      ready = undefined
    } catch (error) {
      if (options.signal?.aborted) throw error
      settings.lost()
      if (last || navigator.onLine === false) throw new Problem(0, 'network.unreachable')
      await settings.wait(pause(attempt))
      continue
    }
    if (!last && again.has(response.status)) {
      await settings.wait(pause(attempt, response))
      continue
    }
    if (!response.ok) {
      const problem = await Problem.from(response)
      // A wrong password or code says nothing about the session it was given in.
      const ended = response.status === 401 && !/^(account\.wrong_credentials$|factor\.)/.test(problem.code)
      if (problem.code === 'role.second_factor') settings.held()
      if (ended && !/^(POST|GET) \/v1(\/my)?\/session$/.test(route)) settings.signedOut(route)
      throw problem
    }
    options.intent?.done()
    const empty = response.status === 204 || response.headers.get('Content-Length') === '0'
    return {
      data: (empty ? undefined : await response.json()) as Answer<R>,
      etag: response.headers.get('ETag') ?? '',
      requestId: response.headers.get('X-Request-Id') ?? '',
    }
  }
}

/** Like request, for callers that only want the data. */
export async function api<R extends Route>(route: R, options: Options<R> = {}): Promise<Answer<R>> {
  return (await request(route, options)).data
}
