import { ref, shallowRef } from 'vue'
import type { FactorProof, Staff, StaffSession } from '@/api/staff'
import type { Shop } from '@/api/types'
import { api } from '@/lib/client'
import { showPasskey } from '@/lib/passkey'
import { shopZone } from '@/lib/zone'
import { forgetDrafts, ownDrafts } from './draft'
import { queries } from './query'

/** Who is signed in; undefined: nobody, or not known yet. */
export const me = shallowRef<Staff>()
export const shop = shallowRef<Shop>()
const asked = ref(false)

export const may = (permission: string): boolean => me.value?.permissions.includes(permission) ?? false

/** The role needs a second factor that this session has not seen: nothing but that is possible. */
export const half = ref(false)

/** What this sign-in of a demonstration may look at and not change. */
const keeps = shallowRef<string[]>([])
export const held = (permission: string): boolean => keeps.value.includes(permission)

function welcome(session: StaffSession): void {
  me.value = session.staff
  ownDrafts(session.staff.id)
  half.value = session.half ?? false
  keeps.value = session.held ?? []
  asked.value = true
}

export async function loadShop(): Promise<void> {
  try {
    shop.value = await api('GET /v1/shop')
    shopZone.value = shop.value.zone
  } catch {
    // The name of the shop is decoration; what matters is asked again elsewhere.
  }
}

let early: Promise<StaffSession> | undefined
/** Asks who is signed in while the first texts are still on their way. */
export function askEarly(): void {
  early = api('GET /v1/session')
  early.catch(() => {})
}

/** Whether somebody is signed in, asking the server the first time. */
export async function restore(): Promise<boolean> {
  if (asked.value) return me.value !== undefined
  const asking = early ?? api('GET /v1/session')
  early = undefined
  try {
    welcome(await asking)
  } catch {
    me.value = undefined
  }
  return me.value !== undefined
}

export async function signIn(email: string, password: string): Promise<void> {
  const session = await api('POST /v1/session', { body: { email, password }, attempts: 1 })
  queries.clear()
  welcome(session)
}

/** The second step, after a right password. */
export async function goOn(step: string, proof: FactorProof): Promise<void> {
  const session = await api('POST /v1/session/second', { body: { step, ...proof }, attempts: 1 })
  queries.clear()
  welcome(session)
}

/** Signs in whoever the browser's passkey belongs to. */
export async function signInByPasskey(): Promise<void> {
  const { ticket, options } = await api('POST /v1/session/passkey/options')
  const body = { ticket, response: await showPasskey(options) }
  const session = await api('POST /v1/session/passkey', { body, attempts: 1 })
  queries.clear()
  welcome(session)
}

/** Reads anew who this is, after something of it has changed. */
export async function refresh(): Promise<void> {
  welcome(await api('GET /v1/session'))
}

/** Forgets who was signed in, without asking the server: the session has ended. */
export function forget(): void {
  me.value = undefined
  half.value = false
  asked.value = true
  queries.clear()
}

export async function signOut(): Promise<void> {
  await api('DELETE /v1/session')
  forgetDrafts()
  forget()
}
