import type * as A from './types'

type Fields = Record<string, unknown>

/** Every call the pages make: what goes in and what comes back. The part in braces is filled from `path`. */
export interface Routes {
  'GET /v1/shop': { answer: A.Shop }

  'POST /v1/my/lookup': { body: { order_number: string; contact: string }; answer: A.Challenge }
  'POST /v1/my/session': { body: { challenge: string; code: string } | { link: string }; answer: A.CustomerSession }
  'GET /v1/my/session': { answer: A.CustomerSession }
  'DELETE /v1/my/session': { answer: void }
  'GET /v1/my/orders': { answer: A.Page<A.OrderSummary> }
  'GET /v1/my/orders/{id}': { answer: A.Order }
  'POST /v1/my/quotes': { body: A.QuoteRequest; answer: A.Quote }
  'POST /v1/my/cases': { body: A.CaseRequest; answer: A.Case }
  'GET /v1/my/cases': { answer: A.Page<A.CaseSummary> }
  'GET /v1/my/cases/{id}': { answer: A.Case }
  'POST /v1/my/cases/{id}/actions': {
    body: { action: string; carrier?: string; tracking?: string; comment?: string }
    answer: A.Case
  }

  'POST /v1/session': { body: { email: string; password: string }; answer: A.StaffSession }
  'GET /v1/session': { answer: A.StaffSession }
  'DELETE /v1/session': { answer: void }
  'GET /v1/sessions': { answer: A.Page<A.SignedInDevice> }
  'DELETE /v1/sessions/{id}': { answer: void }
  'GET /v1/cases': { answer: A.CasePage }
  'POST /v1/cases': { body: Fields; answer: A.Case }
  'GET /v1/cases/{id}': { answer: A.Case }
  'POST /v1/cases/{id}/actions': { body: { action: string } & Fields; answer: A.Case }
  'GET /v1/parcels': { answer: A.Page<A.ParcelHit> }
  'POST /v1/scans': { body: A.ScanRequest; answer: void }
  'GET /v1/orders': { answer: A.Page<A.OrderSummary & { customer_name?: string }> }
  'GET /v1/orders/{id}': { answer: A.Order & { customer?: A.Case['customer'] } }
  'POST /v1/orders': { body: Fields; answer: A.Order }
  'GET /v1/payouts': { answer: A.Page<A.Payout> }
  'POST /v1/payouts/{id}/actions': { body: { action: 'retry' | 'mark_paid'; reference?: string }; answer: A.Payout }
  'GET /v1/jobs': { answer: A.Page<A.Job> }
  'POST /v1/jobs/{id}/actions': { body: { action: 'run' | 'discard' }; answer: A.Job }
  'GET /v1/staff': { answer: A.Page<A.Staff> }
  'POST /v1/staff': { body: Fields; answer: A.Staff }
  'PATCH /v1/staff/{id}': { body: Fields; answer: A.Staff }
  'GET /v1/api-keys': { answer: A.Page<A.ApiKey> }
  'POST /v1/api-keys': { body: Fields; answer: A.ApiKey }
  'DELETE /v1/api-keys/{id}': { answer: void }
  'GET /v1/policies': { answer: A.Page<A.Policy> }
  'GET /v1/policies/{id}': { answer: A.Policy }
  'PUT /v1/policies/{id}': { body: Fields; answer: A.Policy }
}
export type Route = keyof Routes
export type Body<R extends Route> = Routes[R] extends { body: infer B } ? B : never
export type Answer<R extends Route> = Routes[R]['answer']
