import { ref, shallowRef } from 'vue'
import type { CaseRequest } from '@/api/types'
import type { Body } from '@/api/routes'
import { t } from '@/i18n'
import { problemText } from '@/i18n/problem'
import { api } from '@/lib/client'
import { dropFiles } from '@/lib/files'
import type { Intent } from '@/lib/intent'
import { keep, kept } from '@/lib/keep'
import { Problem } from '@/lib/problem'
import { toast } from '@/lib/toast'
import { dropDraft } from './draft'
import { replace, route } from './nav'
import { dropAnswers } from './worker'

// Requests that were confirmed while the network was gone. They go out by
// themselves, under the key of the first attempt: what had arrived is not done twice.

export interface Waiting {
  /** The idempotency key of the first attempt. */
  key: string
  /** The draft it was filled in as. */
  draft: string
  order: string
  request?: CaseRequest
  again?: { id: string; version: number; body: Body<'POST /v1/my/cases/{id}/actions'> }
  /** A message to the shop. */
  say?: { id: string; body: Body<'POST /v1/my/cases/{id}/messages'> }
}

const name = 'outbox'
const longest = 60_000

function read(): Waiting[] {
  try {
    const all: unknown = JSON.parse(kept(name) || '[]')
    return Array.isArray(all) ? (all as Waiting[]) : []
  } catch {
    return []
  }
}

export const waiting = ref(read())
/** The request that the server did not take, and why. */
export const refused = shallowRef<{ to: string; text: string }>()
let busy = false
let timer = 0
let attempt = 0

/** Whether this browser keeps anything: else the list of this tab is all there is. */
let keeps = true
/** What waits now: another tab may have added to it. */
const all = () => (keeps ? read() : waiting.value)

function store(now: Waiting[]): void {
  waiting.value = now
  keep(name, now.length ? JSON.stringify(now) : '')
  keeps = !now.length || kept(name) !== ''
}
const without = (key: string) => all().filter((other) => other.key !== key)
window.addEventListener('storage', ({ key }) => {
  if (key === `aftercare.${name}`) waiting.value = all()
})

/** Has a request sent as soon as there is a network. */
export function enqueue(one: Waiting): void {
  store([...all().filter((other) => other.draft !== one.draft), one])
  later()
}

function later(): void {
  clearTimeout(timer)
  timer = window.setTimeout(flush, Math.min(longest, 2000 * 2 ** attempt++))
}

/** Sends one and answers the id of its case. */
async function send(one: Waiting): Promise<string> {
  const intent = { keyFor: () => one.key, done: () => {} } as unknown as Intent
  if (one.request) return (await api('POST /v1/my/cases', { body: one.request, intent })).id
  if (one.say) {
    await api('POST /v1/my/cases/{id}/messages', { path: { id: one.say.id }, body: one.say.body, intent })
    return one.say.id
  }
  const { id, version, body } = one.again!
  await api('POST /v1/my/cases/{id}/actions', { path: { id }, version, body, intent })
  return id
}

/** Forgets a draft with everything that was kept for it. */
export async function settle(draft: string, order: string): Promise<void> {
  dropDraft(draft)
  await Promise.all([dropFiles(draft), dropAnswers(order)])
}

export async function flush(): Promise<void> {
  clearTimeout(timer)
  if (busy || !navigator.onLine) return
  busy = true
  let now: Waiting | undefined
  try {
    for (const one of all()) {
      now = one
      const id = await send(one)
      store(without(one.key))
      attempt = 0
      await settle(one.draft, one.order)
      toast(t('queue.sent'))
      if (route.name === 'return' && route.params.orderId === one.order) void replace(`/cases/${id}`)
    }
  } catch (error) {
    const problem = Problem.of(error)
    if (problem.unreachable || problem.status >= 500 || problem.status === 429) later()
    else if (problem.status !== 401) {
      const { key, order, say } = now!
      if (say?.body.text) keep(`talk.${say.id}`, say.body.text) // to be written otherwise
      refused.value = { to: say ? `/cases/${say.id}` : `/return/${order}`, text: problemText(problem) }
      store(without(key))
    }
  } finally {
    busy = false
  }
}

window.addEventListener('online', () => {
  attempt = 0
  void flush()
})
if (waiting.value.length) void flush()
