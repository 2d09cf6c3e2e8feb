import type { components } from './openapi'

/** A key that the shop signs tokens for its customers with. */
export type ShopKey = components['schemas']['ProofShopKeyView']

export interface ShopKeyRoutes {
  'GET /v1/shop/keys': { answer: { items: ShopKey[]; next: string } }
  'POST /v1/shop/keys': { body: { name: string }; answer: ShopKey }
  'DELETE /v1/shop/keys/{id}': { answer: void }
}
