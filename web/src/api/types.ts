// The shapes of the HTTP API, version 1, as the pages use them. `npm run types`
// makes the complete set from the OpenAPI document.

export interface Amount {
  minor: number
  currency: string
}
/** An RFC 3339 instant in UTC. */
export type Instant = string
export interface Coded {
  code: string
  text: string
}
export interface Page<T> {
  items: T[]
  next: string
}

export interface Shop {
  id: string
  name: string
  support_email: string
  languages: string[]
  default_language: string
  zone: string
  currency: string
  demo: boolean
  demo_orders?: { number: string; contact: string }[]
  demo_staff?: { email: string; password: string; role: Role }[]
}

// ---- Customers ----

export interface Challenge {
  challenge: string
  channel: 'email' | 'sms'
  sent_to: string
  expires_at: Instant
  demo_code?: string
}
export interface CustomerSession {
  customer: { id: string; name: string; language: string }
  expires_at: Instant
  order?: string
}

export interface OrderSummary {
  id: string
  number: string
  placed_at: Instant
  currency: string
  total: Amount
  lines: number
  image_url?: string
  title: string
  open_cases: number
}
export interface Returnable {
  count: number
  /** Pieces whose lower price may be claimed. */
  priced: number
  /** The reasons that are open for these pieces; all reasons of the order when missing. */
  reasons?: string[]
  until?: Instant
  /** For reasons that are not the seller's fault; missing when these are over or excluded. */
  change_of_mind_until?: Instant
  blocked: { count: number; code: string; text: string }[]
}
export interface OrderLine {
  no: number
  sku: string
  title: string
  variant?: string
  image_url?: string
  category: string
  quantity: number
  unit_price: Amount
  paid: Amount
  returnable: Returnable
}
export interface Tender {
  id: string
  kind: string
  label?: string
  amount: Amount
}
export interface Reason extends Coded {
  photos: 'none' | 'optional' | 'required'
  freight: 'seller' | 'customer'
  hint?: string
}
export interface Order {
  id: string
  number: string
  placed_at: Instant
  delivered_at?: Instant
  zone: string
  currency: string
  total: Amount
  paid: Amount
  lines: OrderLine[]
  shipping: { paid: Amount }
  tenders: Tender[]
  reasons: Reason[]
  /** Where it was delivered, masked; missing where the shop does not know. */
  ship_to?: Whereto
  cases: CaseSummary[]
}

export interface Component {
  code: string
  text: string
  amount: Amount
  ground?: string
}
export interface QuoteLine {
  line: number
  title: string
  quantity: number
  components: Component[]
  subtotal: Amount
}
/** What is asked for. */
export type Kind = 'return_refund' | 'refund_only' | 'exchange' | 'reship' | 'price_protection' | 'compensation'
/** Where the goods were when it was asked for. */
export type Phase = 'pre_ship' | 'in_transit' | 'after_receipt'
export type Basis = 'goodwill' | 'promise' | 'statutory'
export type Party = 'seller' | 'customer' | 'carrier' | 'platform'

export interface QuotedMoney {
  currency: string
  tax_included?: boolean
  lines: QuoteLine[]
  components: Component[]
  total: Amount
  tenders: Tender[]
  pay_within?: string
  return_by_days?: number
  freight: 'seller' | 'customer'
  /** Points, coupons and what was left out, in words. */
  more?: string[]
}
export interface Quote extends QuotedMoney {
  pay_within: string
  return_by_days: number
  decision: { outcome: Outcome; grounds: Ground[]; answer_by?: Instant; needs?: CaseNeed[] }
}
export type Outcome = 'approve' | 'review' | 'refuse' | 'ask'

/** One reason for a decision, and what it rests on. */
export interface Ground extends Coded {
  basis?: 'law' | 'policy' | 'promise'
  /** Where the law says so. */
  cite?: string[]
  /** Staff only. */
  rule?: string
}
/** A question whose answer decides. */
export interface CaseNeed {
  name: string
  kind: 'fact' | 'evidence'
  type: 'bool' | 'date' | 'number' | 'choice' | 'photo' | 'video' | 'document'
  choices?: Coded[]
  lines?: number[]
  text: string
  /** Rules that ask; staff only. */
  why?: string[]
}

export interface Photo {
  id: string
  url: string
  sha256?: string
  width?: number
  height?: number
  kind?: EvidenceKind
  media?: string
  /** Looked at for malware; not shown until it is known. */
  checking?: boolean
  state?: 'checking' | 'harmful' | 'gone'
}
export type EvidenceKind = 'photo' | 'video' | 'document'

export interface WantedItem {
  line: number
  quantity: number
  /** Not needed for price protection and compensation. */
  reason?: string
  photos?: string[]
  /** Of an exchange: the article wanted instead; missing: the same again. */
  sku?: string
  /** Of price protection: the lower price of one unit, in the smallest unit. */
  lower?: number
}
/** What only requests of some kinds say. */
export interface Ask {
  intercept?: boolean
  credit?: boolean
  basis?: Basis
  amount?: number
}
export interface QuoteRequest extends Ask {
  kind?: Kind
  order: string
  items: WantedItem[]
}
export interface CaseRequest extends QuoteRequest {
  /** Of an exchange or a reship: where it goes; missing: where the order went. */
  address?: { name: string; lines: string[]; city?: string; region?: string; postcode?: string; phone?: string }
  /** The customer confirms the address of the order. */
  address_right?: boolean
  comment?: string
  photos: string[]
  language?: string
}

/** An article that another one may be exchanged for. */
export interface Article {
  sku: string
  title: string
  variant?: string
  image_url?: string
  price: Amount
  available: boolean
}

// ---- Cases ----

export type CaseState =
  | 'submitted'
  | 'negotiating'
  | 'await_return'
  | 'returning'
  | 'inspecting'
  | 'resolving'
  | 'await_confirm'
  | 'completed'
  | 'rejected'
  | 'closed'

export type ClosedAs = 'withdrawn' | 'expired' | 'for_seller'

export interface CaseSummary {
  id: string
  number: string
  state: CaseState
  kind: Kind
  order_number: string
  customer_name?: string
  title: string
  quantity: number
  amount: Amount
  reason: Coded
  opened_at: Instant
  updated_at: Instant
  deadline?: Instant
  waiting_for?: string
  assignee?: string
  closed_as?: ClosedAs
  /** Messages of the other side that one's own has not read. */
  unread?: number
  /** Since when the customer waits for an answer; staff only. */
  wrote_at?: Instant
  version: number
}

export type Grade = 'A' | 'B' | 'C' | 'D'
export interface CaseItem {
  line: number
  title: string
  sku: string
  image_url?: string
  quantity: number
  first_unit: number
  reason: Coded
  photos: Photo[]
  state: 'requested' | 'received' | 'missing' | 'accepted' | 'refused'
  grades: { count: number; grade: Grade; note?: string; photos: Photo[]; disposition: string; accepted?: boolean }[]
}
export type Direction = 'return' | 'replacement' | 'back' | 'original'
export type ParcelState =
  | 'planned'
  | 'label_issued'
  | 'pickup_booked'
  | 'cancelled'
  | 'handed_over'
  | 'in_transit'
  | 'refused'
  | 'intercepted'
  | 'lost'
  | 'delivered'
  | 'returned'
  | 'received'
export interface Parcel {
  id: string
  direction: Direction
  carrier: string
  tracking: string
  state: ParcelState
  label_url: string
  scans: { at: Instant; status: string; place?: string }[]
  return_address: { name: string; lines: string[]; phone?: string }
  /** The wish to stop it on its way; for staff. */
  stop?: {
    wish: 'intercept_requested' | 'intercept_accepted' | 'intercept_refused' | 'intercepted'
    asked_at: Instant
    answered_at?: Instant
    by_hand?: boolean
    why?: string
    until?: Instant
  }
}
export type PayoutState = 'reserved' | 'submitted' | 'succeeded' | 'failed' | 'manual' | 'blocked' | 'reversed'
export interface Payout {
  id: string
  purpose: string
  tender: { kind: string; label?: string }
  amount: Amount
  state: PayoutState
  attempts: number
  updated_at: Instant
  reference?: string
  last_error?: string
  case?: { id: string; number: string }
}
export interface TimelineEvent {
  id: string
  at: Instant
  type: string
  actor: { kind: 'customer' | 'staff' | 'key' | 'system' | 'timer' | 'carrier' | 'nobody'; name?: string }
  text: string
  note?: string
  data?: Record<string, unknown>
}
export interface Timer {
  name: string
  /** Missing while it is paused. */
  deadline?: Instant
  remaining_seconds: number
  paused: boolean
  on_expiry: Coded
}
export interface CaseAction {
  action: string
  allowed: boolean
  reason?: Coded & Partial<Blocking>
  fields?: string[]
}
export type OfferKind = 'return_refund' | 'refund_only' | 'partial'
export interface Offer {
  id: string
  side: 'customer' | 'seller'
  /** Of the member of staff; staff only. */
  name?: string
  at: Instant
  expires_at: Instant
  kind: OfferKind
  /** Of a partial refund. */
  amount?: Amount
  freight?: 'seller' | 'customer'
  comment?: string
  state: 'open' | 'accepted' | 'declined' | 'replaced' | 'expired'
  /** The reader's own side made it. */
  mine: boolean
}
export interface Replacement {
  line: number
  sku: string
  title: string
  quantity: number
  /** Missing for the same article, which costs what was paid. */
  unit_price?: Amount
  same: boolean
}
import type { Blocking, Delivery, Whereto } from './whereto'
export type { Blocking, Delivery, Whereto }
export interface Exchange {
  items: Replacement[]
  state: 'planned' | 'held_for_payment' | 'allocated' | 'back_ordered' | 'shipped' | 'delivered'
  /** What the customer pays more, and the demand for it. */
  due?: Amount
  charge?: string
  /** The order of the new units. */
  order?: string
  credit: boolean
}
/** Money that was paid before the goods were seen. */
export interface Advance {
  total: Amount
  owed?: Amount
  charge?: string
  state: 'paid' | 'settled' | 'recovering' | 'recovered' | 'written_off'
}
/** Something in a parcel that was not announced. */
export interface Finding {
  line?: number
  finding: 'wrong_item' | 'swapped' | 'extra'
  sku?: string
  title?: string
  quantity: number
  note?: string
  photos: Photo[]
}
export interface Case {
  id: string
  number: string
  kind: Kind
  phase?: Phase
  state: CaseState
  closed_as?: ClosedAs
  version: number
  order: { id: string; number: string }
  customer?: { id: string; name: string; email?: string; phone?: string }
  seller?: string
  opened_at: Instant
  updated_at: Instant
  language: string
  items: CaseItem[]
  comment?: string
  /** What the customer is asked before a decision. */
  needs?: CaseNeed[]
  /** What was told; null: not known. */
  answers?: { name: string; text: string; value: unknown }[]
  refund_due?: Instant
  decision?: {
    outcome: Outcome
    by: string
    name?: string
    at: Instant
    grounds: Ground[]
    comment?: string
    photos?: Photo[]
    policy: { id: string; version: number }
    /** Versions of the law that were asked, such as CN@1. */
    packs?: string[]
    /** Rules of the shop's own that were true; staff only. */
    fired?: string[]
  }
  /** The first that comes back. */
  parcel?: Parcel
  parcels: Parcel[]
  /** Oldest first; the last may be open. */
  offers?: Offer[]
  /** Requests after a refusal. */
  amendments?: { used: number; of: number }
  exchange?: Exchange
  delivery?: Delivery
  /** A bank takes back the payment of the order. */
  dispute?: { chargeback?: string; state: 'open' | 'won' | 'withdrawn' | 'lost'; at: string }
  advance?: Advance
  claim?: import('./customer').Claim
  promised?: import('./customer').Promised[]
  /** Who bears the freight, where it is not the reason's. */
  liability?: Party
  /** What the customer paid for the way back, as staff saw. */
  freight_paid?: Amount
  findings?: Finding[]
  money: { quoted: QuotedMoney; reserved: Amount; paid: Amount; came_back?: Amount; payouts: Payout[] }
  timers: Timer[]
  next: {
    who: 'customer' | 'seller' | 'warehouse' | 'carrier' | 'system' | 'nobody'
    text: string
    by?: Instant
    clock?: string
  }
  timeline: TimelineEvent[]
  actions: CaseAction[]
  final: boolean
  money_effect: 'none' | 'partial' | 'full'
}
export type { Booking, DropPoint, Method, ParcelDetail, PickUp, StoppedParcel, PickUpAddress, Slot } from './parcel'

// ---- What a customer owes ----

export interface Charge {
  id: string
  case: string
  purpose: 'exchange_difference' | 'advance_recovery' | 'adjustment'
  amount: Amount
  state: 'due' | 'paid' | 'waived' | 'expired' | 'written_off'
  /** When it expires. */
  due: Instant
  reference?: string
  /** The latest attempt to pay it. */
  payment?: { provider: string; state: 'open' | 'paid' | 'declined'; url?: string; reason?: string }
  /** Through whom it can be paid now. */
  providers: string[]
  version: number
}

export interface LiveEvent {
  case?: string
  subject?: string
  stream?: string
  version: number
  type: string
  at: Instant
}

export type Role = 'administrator' | 'supervisor' | 'agent' | 'warehouse' | 'seller' | 'auditor' | 'privacy'
