// Accounts: the shapes of the API about a shop's accounts at payment companies and carriers, version 1.
import type { Instant } from './types'

export type AccountKind = 'payment' | 'carrier'
export interface AccountSecret {
  name: string
  last?: string
  fingerprint: string
  set_at: Instant
}
export interface MerchantAccount {
  id: string
  provider: string
  kind: AccountKind
  name: string
  state: 'enabled' | 'disabled' | 'removed'
  settings: Record<string, string>
  secrets: AccountSecret[]
  since?: Instant
  until?: Instant
  identity?: string
  test: {
    state: '' | 'running' | 'passed' | 'failed'
    code?: 'refused' | 'unreachable' | 'unclear' | 'other' | 'unsealed'
    text?: string
    at?: Instant
  }
  hook: string
  under_way: number
  version: number
  created_at: Instant
  updated_at: Instant
}
export interface ProviderField {
  name: string
  secret: boolean
  required: boolean
  fixed: boolean
  shape: 'text' | 'key' | 'list' | 'number' | 'switch' | 'url'
}
export interface Provider {
  name: string
  kind: AccountKind
  fields: ProviderField[]
  default: boolean
}
export interface AccountFields {
  name: string
  settings: Record<string, string>
  secrets: Record<string, string>
  since?: Instant
}
export interface AccountRoutes {
  'GET /v1/accounts': { query: { kind?: AccountKind }; answer: { items: MerchantAccount[] } }
  'GET /v1/accounts/providers': { answer: { items: Provider[] } }
  'POST /v1/accounts': { body: AccountFields & { provider: string }; answer: MerchantAccount }
  'GET /v1/accounts/{id}': { answer: MerchantAccount }
  'PUT /v1/accounts/{id}': { body: AccountFields; answer: MerchantAccount }
  'DELETE /v1/accounts/{id}': { answer: void }
  'POST /v1/accounts/{id}/actions': { body: { action: 'enable' | 'disable' | 'test' }; answer: MerchantAccount }
}
