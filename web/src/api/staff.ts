// What only staff see: the shapes of the console's part of the HTTP API, version 1.
import type { Way } from './factors'
import type {
  Amount,
  Case,
  CaseItem,
  CaseState,
  CaseSummary,
  Charge,
  Grade,
  Instant,
  Kind,
  OfferKind,
  Order,
  OrderLine,
  Page,
  Parcel,
  Party,
  Phase,
  Photo,
  Role,
  Tender,
  TimelineEvent,
  WantedItem,
} from './types'

export * from './books'
export * from './factors'
export * from './search'

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
  /** Kinds of second factors that can be shown; empty: the password is enough. */
  factors?: Way[]
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
  /** What was shown to sign in. */
  shown?: string[]
  /** The role needs a second factor that this session has not seen. */
  half?: boolean
  /** Of a demonstration: what may be looked at and not changed. */
  held?: string[]
}
export interface SignedInDevice {
  id: string
  created_at: Instant
  last_seen_at: Instant
  ip: string
  agent: string
  current: boolean
  shown?: string[]
  staff?: { id: string; name: string }
}

export interface CasePage extends Page<CaseSummary> {
  counts?: Partial<Record<CaseState, number>>
  /** States of which there may be more than counted. */
  counts_more?: CaseState[]
}
export interface Person {
  id: string
  name: string
}
/** Somebody who works, or worked, on cases. */
export interface Colleague extends Person {
  roles: Role[]
  seller?: string
  active: boolean
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
export const gradeReasons = [
  'as_new',
  'opened',
  'used',
  'damaged_by_customer',
  'damaged_in_transit',
  'incomplete',
  'not_ours',
  'hygiene_broken',
] as const
export type GradeReason = (typeof gradeReasons)[number]
export interface GradeView {
  count: number
  grade: Grade
  reasons?: GradeReason[]
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
  /** Colleagues whom a note names, and whether they were told. */
  mentions?: { id: string; name: string; told: boolean }[]
  /** One's own note, which can still be taken back. */
  mine?: boolean
  taken_back?: boolean
}
/** A list of cases that somebody keeps. */
export interface ViewDraft {
  name: string
  query: string
  shared?: boolean
}
export interface KeptView extends ViewDraft {
  id: string
  built_in: boolean
  shared: boolean
  mine: boolean
  changeable: boolean
  owner?: string
  version: number
  count?: number
  more?: boolean
}
/** What somebody does at a case. */
export type Doing = 'looking' | 'writing' | 'acting'
export interface Seat {
  id: string
  name: string
  doing: Doing
  since: string
}
/** Where a colleague named one in a note. */
export interface Mention {
  id: string
  case: string
  number: string
  title: string
  by: string
  text: string
  at: string
  read: boolean
}
/** A proposal to take up a case again, which a second person has to agree to. */
export interface Reopening {
  by: Person
  at: Instant
  comment: string
  liability?: Party
  amount?: Amount
}
export interface StaffCase extends Omit<Case, 'items' | 'timeline' | 'decision'> {
  items: StaffItem[]
  timeline: StaffEvent[]
  decision?: NonNullable<Case['decision']> & { name?: string; comment?: string }
  assignee?: Person
  reopening?: Reopening
}
export const refusals = ['outside_window', 'not_covered', 'damaged_by_use', 'no_evidence', 'other'] as const
export type Refusal = (typeof refusals)[number]
export interface GradeInput {
  line: number
  count: number
  grade: Grade
  disposition: Disposition
  reasons?: GradeReason[]
  note?: string
  photos: string[]
  loss?: number
  loss_code?: LossCode
  basis?: LossBasis
}
export const lossCodes = ['diminished_value', 'missing_parts'] as const
export type LossCode = (typeof lossCodes)[number]
export const lossBases = ['contract', 'crd_14_2', 'bgb_357a', 'cn_no_reason_returns'] as const
export type LossBasis = (typeof lossBases)[number]
export const findingKinds = ['wrong_item', 'swapped', 'extra'] as const
export type FindingKind = (typeof findingKinds)[number]
export interface ReceivedInput {
  line: number
  quantity: number
  finding?: FindingKind
  sku?: string
  title?: string
  note?: string
  photos?: string[]
}
export interface PostAddress {
  name: string
  lines: string[]
  city?: string
  region?: string
  postcode?: string
  country?: string
  iso?: string
  phone?: string
}
export type CaseActionBody =
  | { action: 'answer'; facts?: Record<string, unknown>; photos?: string[]; comment?: string }
  | { action: 'approve'; note?: string }
  | { action: 'refuse'; reason_code: Refusal; comment: string; photos?: string[] }
  | { action: 'offer'; offer_kind: OfferKind; amount?: number; freight?: 'seller' | 'customer'; comment?: string }
  | { action: 'accept' }
  | { action: 'decline'; comment?: string }
  | { action: 'amend'; kind?: Kind; items?: WantedItem[]; comment?: string; photos?: string[] }
  | { action: 'hand_over'; parcel?: string; carrier?: string; tracking?: string }
  | { action: 'add_parcel' }
  | { action: 'receive'; parcel?: string; items: ReceivedInput[]; more?: boolean }
  | { action: 'grade'; items: GradeInput[] }
  | { action: 'ship'; carrier?: string; tracking?: string; address?: PostAddress }
  | { action: 'address'; address?: PostAddress }
  | { action: 'back_order' | 'convert' | 'lose' | 'keep_closed' | 'withdraw'; comment?: string }
  | { action: 'confirm' }
  | { action: 'liability'; freight: Party; freight_paid?: number; comment?: string }
  | { action: 'reopen'; comment?: string; freight?: Party; amount?: number }
  | { action: 'assign'; assignee?: string }
  | { action: 'note'; text: string; mentions?: string[] }
export type CaseActionName = CaseActionBody['action']

/** What became of one case of many. */
export interface BulkOutcome {
  id: string
  ok: boolean
  number?: string
  state?: CaseState
  version?: number
  problem?: { code: string; title: string; detail?: string; facts?: Record<string, unknown> }
}
export interface BulkBody {
  action: 'approve' | 'assign' | 'note'
  cases: { id: string; version: number }[]
  note?: string
  text?: string
  /** Missing: nobody. */
  assignee?: string
}

export interface ParcelHit {
  id: string
  tracking: string
  carrier: string
  direction: Parcel['direction']
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

export type ChargeAction = 'pay' | 'waive' | 'write_off'
export interface StaffCharge extends Charge {
  order?: string
  customer?: string
  /** Why it was given up. */
  reason?: string
  actions: ChargeAction[]
  created_at: Instant
  updated_at: Instant
}
export interface ChargeActionBody {
  action: ChargeAction
  amount?: Amount
  reference?: string
  reason?: string
}
export interface ProductDraft {
  sku: string
  title: string
  variant?: string
  group?: string
  category?: string
  image_url?: string
  seller?: string
  price: Amount
  tax?: number
  stock?: number
  active?: boolean
}
export const actorKinds = ['staff', 'customer', 'key', 'carrier', 'timer', 'system', 'nobody'] as const
export interface AuditEntry {
  id: string
  position: number
  at: Instant
  actor: { kind: (typeof actorKinds)[number]; id?: string; name?: string }
  type: string
  stream: string
  subject: string
  in?: string
  number?: string
  version: number
  data: unknown
}

/** An order with what its customer could ask for. */
export interface OrderOptions extends Omit<Order, 'lines'> {
  lines: (Omit<OrderLine, 'returnable'> & { phase: Phase; returnable: OrderLine['returnable'] & { kinds: Kind[] } })[]
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

export { presets, waits } from './policy'
export type { PolicyPreset, Preset, RuleCategory, RuleReason, Rules, Wait } from './policy'
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
