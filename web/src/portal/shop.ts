import { shallowRef } from 'vue'
import type { Shop } from '@/api/types'
import { api } from '@/lib/client'
import { shopZone } from '@/lib/zone'

/** Who the portal speaks for. Pages work without it; it only adds names and hints. */
export const shop = shallowRef<Shop>()

export async function loadShop(): Promise<void> {
  try {
    shop.value = await api('GET /v1/shop')
    shopZone.value = shop.value.zone
  } catch {
    // The page that needs the server shows its own problem.
  }
}
