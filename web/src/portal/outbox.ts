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

function store(all: Waiting[]): void {
  waiting.value = all
  keep(name, all.length ? JSON.stringify(all) : '')
}

/** Has a request sent as soon as there is a network. */
export function enqueue(one: Waiting): void {
  store([...waiting.value.filter((other) => other.draft !== one.draft), one])
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
  try {
    for (const one of waiting.value) {
      const id = await send(one)
      store(waiting.value.filter((other) => other.key !== one.key))
      attempt = 0
      await settle(one.draft, one.order)
      toast(t('queue.sent'))
      if (route.name === 'return' && route.params.orderId === one.order) void replace(`/cases/${id}`)
    }
  } catch (error) {
    const problem = Problem.of(error)
    if (problem.unreachable || problem.status >= 500 || problem.status === 429) later()
    else if (problem.status !== 401) {
      const [one] = waiting.value
      if (one!.say?.body.text) keep(`talk.${one!.say.id}`, one!.say.body.text) // to be written otherwise
      refused.value = { to: one!.say ? `/cases/${one!.say.id}` : `/return/${one!.order}`, text: problemText(problem) }
      store(waiting.value.slice(1))
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
