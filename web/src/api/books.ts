// What only staff see of money and goods: payouts, chargebacks, clearing, stock, articles, wallets.
import type { Amount, Grade, Instant, PayoutState } from './types'

export type PayoutAction = 'retry' | 'mark_paid' | 'redirect'
export interface PayoutTarget {
  kind: string
  provider: string
  reference?: string
  label?: string
}
export interface PayoutActionBody {
  action: PayoutAction
  reference?: string
  to?: PayoutTarget
  consent?: string
}
export interface StaffPayout {
  id: string
  case: string
  order: string
  purpose: string
  tender: { id: string; kind: string; label?: string }
  provider: string
  amount: Amount
  state: PayoutState
  /** Nobody knows whether it was paid. */
  unsure?: boolean
  attempts: number
  reference?: string
  last_error?: string
  created_at: Instant
  updated_at: Instant
  version: number
  actions: PayoutAction[]
}
export const standings = ['open', 'won', 'withdrawn', 'lost'] as const
export type Standing = (typeof standings)[number]
export interface Chargeback {
  id: string
  order?: string
  tender?: string
  provider?: string
  payment?: string
  reference?: string
  reason: string
  state: Standing
  opened_at: Instant
  closed_at?: Instant
  version: number
}
export interface NewChargeback {
  order?: string
  tender?: string
  provider?: string
  payment?: string
  reference?: string
  reason: string
}
export const accounts = ['customer', 'seller', 'platform', 'carrier', 'insurer', 'brand', 'commission'] as const
export type Account = (typeof accounts)[number]
export interface ClearingEntry {
  set: string
  key: string
  case: string
  order: string
  account: Account
  party?: string
  code: string
  amount: Amount
  at: Instant
}
export interface ClearingTotal {
  account: Account
  party?: string
  amount: Amount
  entries: number
}
export const destinations = [
  'restock',
  'refurbish',
  'liquidate',
  'donate',
  'recycle',
  'vendor',
  'back',
  'kept',
  'lost',
  'customer',
] as const
export type Destination = (typeof destinations)[number]
export interface Movement {
  id: string
  case: string
  line?: number
  sequence: number
  order?: string
  seller?: string
  sku?: string
  title?: string
  quantity: number
  from: 'customer' | 'shelf' | 'parcel'
  to: Destination
  grade?: Grade
  at: Instant
}
export interface Product {
  sku: string
  title: string
  variant?: string
  group?: string
  category?: string
  image_url?: string
  seller?: string
  price: Amount
  tax: number
  /** Missing: not known. */
  stock?: number
  active: boolean
  version: number
  updated_at: Instant
}
export const walletKinds = ['store_credit', 'gift_card', 'points'] as const
export type WalletKind = (typeof walletKinds)[number]
export interface WalletEntry {
  id: string
  kind: 'refunded' | 'adjusted' | 'spent' | 'expired'
  amount: number
  balance: number
  case?: string
  order?: string
  reason?: string
  at: Instant
}
export interface WalletAccount {
  id: string
  kind: WalletKind
  reference?: string
  /** Points have a count instead. */
  balance?: Amount
  points?: number
  expires: { amount: number; at: Instant }[]
  entries: WalletEntry[]
}
export interface WalletChange {
  action: 'adjust' | 'spend'
  kind: WalletKind
  unit?: string
  reference?: string
  amount: number
  reason?: string
  expires_at?: Instant
}
