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
export interface QuotedMoney {
  currency: string
  lines: QuoteLine[]
  components: Component[]
  total: Amount
  tenders: Tender[]
  pay_within?: string
  return_by_days?: number
  freight: 'seller' | 'customer'
}
export interface Quote extends QuotedMoney {
  pay_within: string
  return_by_days: number
  decision: { outcome: Outcome; grounds: Coded[]; answer_by?: Instant }
}
export type Outcome = 'approve' | 'review' | 'refuse'

export interface Photo {
  id: string
  url: string
  sha256?: string
  width?: number
  height?: number
}

export interface QuoteRequest {
  order: string
  items: { line: number; quantity: number; reason: string }[]
}
export interface CaseRequest {
  order: string
  items: { line: number; quantity: number; reason: string; photos?: string[] }[]
  comment?: string
  photos: string[]
  language?: string
}

// ---- Cases ----

export type CaseState =
  | 'submitted'
  | 'await_return'
  | 'returning'
  | 'inspecting'
  | 'resolving'
  | 'completed'
  | 'rejected'
  | 'closed'

export interface CaseSummary {
  id: string
  number: string
  state: CaseState
  kind: string
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
  closed_as?: 'withdrawn' | 'expired'
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
export interface Parcel {
  id: string
  carrier: string
  tracking: string
  state: 'label_issued' | 'handed_over' | 'in_transit' | 'delivered' | 'received' | 'lost'
  label_url: string
  scans: { at: Instant; status: string; place?: string }[]
  return_address: { name: string; lines: string[]; phone?: string }
}
export type PayoutState = 'reserved' | 'submitted' | 'blocked' | 'succeeded' | 'failed' | 'manual' | 'reversed'
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
  deadline: Instant
  remaining_seconds: number
  paused: boolean
  on_expiry: Coded
}
export interface CaseAction {
  action: string
  allowed: boolean
  reason?: Coded
  fields?: string[]
}
export interface Case {
  id: string
  number: string
  kind: string
  state: CaseState
  closed_as?: 'withdrawn' | 'expired'
  version: number
  order: { id: string; number: string }
  customer?: { id: string; name: string; email?: string; phone?: string }
  seller?: string
  opened_at: Instant
  updated_at: Instant
  language: string
  items: CaseItem[]
  comment?: string
  decision?: {
    outcome: Outcome
    by: string
    name?: string
    at: Instant
    grounds: Coded[]
    comment?: string
    policy: { id: string; version: number }
  }
  parcel?: Parcel
  money: { quoted: QuotedMoney; reserved: Amount; paid: Amount; payouts: Payout[] }
  timers: Timer[]
  next: { who: 'customer' | 'seller' | 'warehouse' | 'carrier' | 'system' | 'nobody'; text: string; by?: Instant }
  timeline: TimelineEvent[]
  actions: CaseAction[]
  final: boolean
  money_effect: 'none' | 'partial' | 'full'
}
export interface LiveEvent {
  case?: string
  subject?: string
  stream?: string
  version: number
  type: string
  at: Instant
}

export type Role = 'administrator' | 'supervisor' | 'agent' | 'warehouse' | 'seller' | 'auditor'
