import { shallowRef } from 'vue'
import type { Body } from '@/api/routes'
import type { CustomerSession } from '@/api/types'
import { api } from '@/lib/client'
import type { Intent } from '@/lib/intent'
import { keep, kept } from '@/lib/keep'
import { Problem } from '@/lib/problem'
import { base } from './frame'

/** Who is signed in, once known. The proof itself is a cookie that scripts cannot read. */
export const session = shallowRef<CustomerSession>()

export async function signIn(body: Body<'POST /v1/my/session'>, intent: Intent): Promise<CustomerSession> {
  const made = await api('POST /v1/my/session', { body: base ? { ...body, framed: true } : body, intent })
  session.value = made
  keep('signed_in', 'yes')
  return made
}

/** The session of an earlier visit, or undefined. Asks the server only when this browser is known to have signed in. */
export async function resume(known = kept('signed_in') !== ''): Promise<CustomerSession | undefined> {
  if (session.value || !known) return session.value
  try {
    session.value = await api('GET /v1/my/session', { attempts: 1 })
    keep('signed_in', 'yes')
  } catch (error) {
    if (!Problem.of(error).unreachable) forget()
  }
  return session.value
}

export function forget(): void {
  session.value = undefined
  keep('signed_in', '')
  // A frame of another site may not look there.
  globalThis.caches?.delete('aftercare-drafts').catch(() => {})
}

export async function signOut(): Promise<void> {
  const { leave } = await import('./leave')
  await api('DELETE /v1/my/session')
  await leave()
  forget()
}
