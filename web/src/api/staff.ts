// What only staff see: the shapes of the console's part of the HTTP API, version 1.
import type {
  Amount,
  Case,
  CaseItem,
  CaseState,
  CaseSummary,
  Grade,
  Instant,
  Page,
  Parcel,
  PayoutState,
  Photo,
  Role,
  Tender,
  TimelineEvent,
} from './types'

export interface Staff {
  id: string
  name: string
  email: string
  role: Role
  seller?: string
  language: string
  state: 'active' | 'disabled'
  permissions: string[]
  locked_until?: Instant
  created_at: Instant
  version: number
}
export interface NewStaff {
  name: string
  email: string
  role: Role
  seller?: string
  language?: string
  password: string
}
export interface StaffSession {
  staff: Staff
  expires_at: Instant
}
export interface SignedInDevice {
  id: string
  created_at: Instant
  last_seen_at: Instant
  ip: string
  agent: string
  current: boolean
  staff?: { id: string; name: string }
}

export interface CasePage extends Page<CaseSummary> {
  counts?: Partial<Record<CaseState, number>>
}
export const dispositions = [
  'restock',
  'refurbish',
  'liquidate',
  'donate',
  'recycle',
  'vendor',
  'return_to_customer',
] as const
export type Disposition = (typeof dispositions)[number]
export interface GradeView {
  count: number
  grade: Grade
  note?: string
  photos: Photo[]
  disposition: string
  accepted?: boolean
}
export interface StaffItem extends Omit<CaseItem, 'state' | 'grades'> {
  state: CaseItem['state'] | 'accepted'
  grades: GradeView[]
  /** How many units of this run arrived; missing until the parcel is counted. */
  received?: number
}
export interface StaffEvent extends Omit<TimelineEvent, 'actor'> {
  actor: { kind: TimelineEvent['actor']['kind'] | 'key' | 'nobody'; name?: string }
  note?: string
}
export interface StaffCase extends Omit<Case, 'items' | 'timeline' | 'decision'> {
  items: StaffItem[]
  timeline: StaffEvent[]
  decision?: NonNullable<Case['decision']> & { name?: string; comment?: string }
}
export const refusals = ['outside_window', 'not_covered', 'damaged_by_use', 'no_evidence', 'other'] as const
export type Refusal = (typeof refusals)[number]
export interface GradeInput {
  line: number
  count: number
  grade: Grade
  disposition: Disposition
  note?: string
  photos: string[]
}
export type CaseActionBody =
  | { action: 'approve'; note?: string }
  | { action: 'refuse'; reason_code: Refusal; comment: string }
  | { action: 'hand_over'; carrier?: string; tracking?: string }
  | { action: 'receive'; items: { line: number; quantity: number }[] }
  | { action: 'grade'; items: GradeInput[] }
  | { action: 'withdraw'; comment?: string }
  | { action: 'note'; text: string }
export type CaseActionName = CaseActionBody['action']

export interface ParcelHit {
  tracking: string
  carrier: string
  state: Parcel['state']
  case: { id: string; number: string; state: CaseState }
}

export interface StaffOrderSummary {
  id: string
  source: string
  number: string
  placed_at: Instant
  delivered_at?: Instant
  currency: string
  total: Amount
  lines: number
  title: string
  image_url?: string
  customer_name?: string
}
export interface StaffOrderLine {
  no: number
  sku: string
  title: string
  variant?: string
  image_url?: string
  category: string
  seller?: string
  quantity: number
  unit_price: Amount
  /** What was taken off; `order` says that it is a share of a discount on the whole order. */
  discounts: { code: string; funder?: string; amount: Amount; order: boolean }[]
  tax: Amount
  duty?: Amount
  paid: Amount
  delivered_at?: Instant
}
export interface StaffOrder {
  id: string
  source: string
  number: string
  placed_at: Instant
  delivered_at?: Instant
  zone: string
  country?: string
  currency: string
  tax_included: boolean
  total: Amount
  paid: Amount
  policy: { id: string; version: number }
  customer?: NonNullable<Case['customer']>
  lines: StaffOrderLine[]
  shipping: { paid: Amount }
  tenders: Tender[]
}

export type PayoutAction = 'retry' | 'mark_paid'
export interface StaffPayout {
  id: string
  case: string
  order: string
  purpose: string
  tender: { id: string; kind: string; label?: string }
  provider: string
  amount: Amount
  state: PayoutState
  attempts: number
  reference?: string
  last_error?: string
  created_at: Instant
  updated_at: Instant
  version: number
  actions: PayoutAction[]
}
export interface Job {
  id: string
  kind: string
  key?: string
  state: 'waiting' | 'running' | 'paused' | 'dead'
  run_at: Instant
  attempt: number
  max_attempts: number
  last_error?: string
  created_at: Instant
}
export interface ApiKey {
  id: string
  name: string
  scopes: string[]
  seller?: string
  created_at: Instant
  expires_at?: Instant
  last_used_at?: Instant
  secret?: string
}
export interface NewKey {
  name: string
  role?: Role
  scopes?: string[]
  seller?: string
  expires_at?: Instant
}

export interface RuleReason {
  code: string
  photos: 'none' | 'optional' | 'required'
  freight: 'seller' | 'customer'
  window_days?: number
}
export interface RuleCategory {
  window_days?: number
  final?: boolean
  why?: string
}
export interface Rules {
  window_days: number
  categories?: Record<string, RuleCategory>
  reasons: RuleReason[]
  auto_approve?: Record<string, number>
  label_fee?: Record<string, number>
  shipping: 'none' | 'pro_rata' | 'difference'
  full_shipping: boolean
  answer_hours: number
  ship_back_days: number
  inspect_hours: number
  payout_hours: number
}
export interface Policy {
  id: string
  name: string
  version: number
  rules: Rules
  created_at: Instant
}

export interface ShopSettings {
  name: string
  host?: string
  zone: string
  language: 'zh-CN' | 'zh-TW' | 'en'
  currency: string
  support_email?: string
  /** Where parcels come back to; without name and lines no return can be approved. */
  return_address: {
    name: string
    lines: string[]
    city?: string
    postcode?: string
    country?: string
    phone?: string
  }
}
