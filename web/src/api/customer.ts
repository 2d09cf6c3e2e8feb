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

/** A claim for money beyond the refund; with the case in which a promise of the shop came true. */
export type Claim = components['schemas']['CasesClaimView']
/** A promise of the shop that came true, with the case that pays it. */
export type Promised = components['schemas']['CasesKeptView']
