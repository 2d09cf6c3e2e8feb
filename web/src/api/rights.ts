// What the law and the shop give: the shapes of the API about rights, version 1.
import type { Amount, Instant } from './types'

export type Confidence = 'A' | 'B' | 'C' | 'D'
export type LawOutcome = 'entitled' | 'not_entitled' | 'conditional' | 'needs_fact' | 'needs_review'
/** A day, such as 2026-11-03. */
export type Day = string

/** One remedy as the law answers for it, in words. */
export interface Remedy {
  remedy: string
  name: string
  outcome: LawOutcome
  answer: string
  says: string
  until?: Day
  freight?: 'seller' | 'consumer'
  costs?: string
  amount?: Amount
  due?: Day
  money?: string[]
  proof?: string
  notes?: string[]
  needs?: string[]
  /** The same as questions. */
  questions?: string[]
  rule: string
  pack: string
  confidence: Confidence
  citation: string[]
  sources: string[]
  /** Of these, what has an address: the official text. */
  links?: { key: string; title: string; url?: string }[]
}
export interface LawName {
  jurisdiction: string
  name: string
  pack?: string
  status?: string
  why: string
  notes?: string[]
}

/** What the law alone, or the shop alone, gives. */
export interface Side {
  until?: Instant
  freight?: 'seller' | 'customer'
  rule?: string
  citation?: string[]
  says?: string
}
/** One way to give goods back. */
export interface Way {
  claim: 'change_of_mind' | 'defect'
  name: string
  outcome: 'approve' | 'review' | 'refuse' | 'ask'
  answer: string
  until?: Instant
  by: 'law' | 'promise' | 'both' | 'none'
  freight: 'seller' | 'customer'
  costs: string
  restocking_fee: number
  law?: Side
  promise?: Side
  grounds: string[]
  needs?: { name: string; text: string }[]
}
export interface LineRights {
  line: number
  sku?: string
  title: string
  assumed_delivery?: Day
  ways: Way[]
  remedies: Remedy[]
}
export interface Rights {
  order?: string
  number?: string
  country: string
  law?: LawName
  problem?: string
  policy: { id: string; version: number; name: string }
  lines: LineRights[]
  caveat: string
  as_of: Instant
}

// ---- The law by country, for staff ----

export interface PackRow {
  jurisdiction: string
  name: string
  version: number
  status: string
  effective: Day
  extends?: string
  rules: number
  confidence: Partial<Record<Confidence, number>>
}
export interface SaidCode {
  code: string
  says: string
  outcome?: LawOutcome
}
export interface TermOf {
  n: string
  unit: 'day' | 'month' | 'working_day' | 'year' | 'week'
  from: string
  count?: string
  roll?: string
}
export interface LawRule {
  id: string
  remedy: string
  name: string
  says: string
  effective_from?: Day
  effective_to?: Day
  citation: string[]
  source: string[]
  confidence: Confidence
  inherited?: string
  windows?: TermOf[]
  requires?: SaidCode[]
  exceptions?: SaidCode[]
  review?: SaidCode[]
  conditional?: SaidCode[]
  notes?: SaidCode[]
  freight?: string[]
  refund_in?: TermOf[]
  deductions?: SaidCode[]
  duties?: SaidCode[]
}
export interface LawPack extends PackRow {
  zone?: string
  calendar?: string
  /** Of which years the days off are known, in words. */
  calendar_known?: string
  currency?: string
  covers?: string[]
  sources: { key: string; title: string; url?: string }[]
  versions: number[]
  applicable_law: { election: boolean; untargeted?: string; citation?: string; confidence?: Confidence }
  list: LawRule[]
  tests: number
}
export interface LawAnswer {
  answer: unknown
  law: LawName
  remedies: Remedy[]
  customer: string
  staff: string
}

/** Routes about rights. */
export interface RightsRoutes {
  'GET /v1/my/orders/{id}/rights': { answer: Rights }
  'GET /v1/orders/{id}/rights': { answer: Rights }
  'GET /v1/public/rights': { answer: Rights }
  'GET /v1/rights/packs': { answer: { items: PackRow[] } }
  'GET /v1/rights/packs/{jurisdiction}': { answer: LawPack }
  'POST /v1/rights/decide': { body: { facts: Record<string, unknown> }; answer: LawAnswer }
}
