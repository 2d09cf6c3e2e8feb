import { ref, shallowRef } from 'vue'
import type { Staff } from '@/api/staff'
import type { Shop } from '@/api/types'
import { api } from '@/lib/client'
import { shopZone } from '@/lib/zone'
import { forgetDrafts } from './draft'
import { queries } from './query'

/** Who is signed in; undefined: nobody, or not known yet. */
export const me = shallowRef<Staff>()
export const shop = shallowRef<Shop>()
const asked = ref(false)

export const may = (permission: string): boolean => me.value?.permissions.includes(permission) ?? false

function welcome(staff: Staff): void {
  me.value = staff
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

/** Whether somebody is signed in, asking the server the first time. */
export async function restore(): Promise<boolean> {
  if (asked.value) return me.value !== undefined
  try {
    welcome((await api('GET /v1/session')).staff)
  } catch {
    me.value = undefined
  }
  return me.value !== undefined
}

export async function signIn(email: string, password: string): Promise<void> {
  const { staff } = await api('POST /v1/session', { body: { email, password }, attempts: 1 })
  queries.clear()
  welcome(staff)
}

/** Forgets who was signed in, without asking the server: the session has ended. */
export function forget(): void {
  me.value = undefined
  asked.value = true
  queries.clear()
}

export async function signOut(): Promise<void> {
  await api('DELETE /v1/session')
  forgetDrafts()
  forget()
}
