import type { components } from './openapi'

// Who bought, and the tiers that the shop's member system or staff have told.
export type Customer = components['schemas']['CustomerView']
export type CustomerDetail = components['schemas']['CustomerDetail']
export type Tier = components['schemas']['CustomerTierView']

export interface CustomerRoutes {
  'GET /v1/customers': { query?: { q?: string; cursor?: string; limit?: number }; answer: { items: Customer[]; next: string } }
  'GET /v1/customers/{id}': { answer: CustomerDetail }
  'PUT /v1/customers/{id}/tier': { body: { tier: string; until?: string; reason: string }; answer: CustomerDetail }
}
