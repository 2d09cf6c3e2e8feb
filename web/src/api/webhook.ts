// Webhooks: the shapes of the API about telling other programs of events, version 1.
import type { Instant, Page } from './types'

export interface Webhook {
  id: string
  name: string
  url: string
  kinds: string[]
  state: 'active' | 'disabled'
  why?: 'person' | 'failing' | 'gone'
  failing_since?: Instant
  old_secret_until?: Instant
  waiting: number
  version: number
  created_at: Instant
  secret?: string
}
export interface Delivery {
  id: string
  event: string
  kind: string
  subject: string
  /** The case or the order where it happened, and its number. */
  in?: string
  number?: string
  state: 'waiting' | 'delivered' | 'failed'
  attempts: number
  status?: number
  took_ms?: number
  error?: string
  answer?: string
  request: string
  created_at: Instant
  tried_at?: Instant
}
export interface WebhookFields {
  name: string
  url: string
  kinds: string[]
}
export interface WebhookRoutes {
  'GET /v1/webhooks': { answer: { items: Webhook[] } }
  'GET /v1/webhooks/kinds': { answer: { items: { kind: string; meaning: string }[] } }
  'POST /v1/webhooks': { body: WebhookFields; answer: Webhook }
  'GET /v1/webhooks/{id}': { answer: Webhook }
  'PUT /v1/webhooks/{id}': { body: WebhookFields; answer: Webhook }
  'DELETE /v1/webhooks/{id}': { answer: void }
  'POST /v1/webhooks/{id}/actions': { body: { action: 'enable' | 'disable' | 'rotate' | 'ping' }; answer: Webhook }
  'GET /v1/webhooks/{id}/deliveries': { answer: Page<Delivery> }
  'POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver': { answer: Delivery }
}
