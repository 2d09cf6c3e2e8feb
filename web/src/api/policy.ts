// Policies with their versions, what checking and comparing them finds, and back-tests.
import type { Amount, Instant, Kind, Phase } from './types'
import type { Rules } from './staff'

export const policyStates = ['draft', 'reviewed', 'live', 'retired'] as const
export type PolicyState = (typeof policyStates)[number]
export const outcomes = ['approve', 'review', 'refuse', 'ask'] as const
export type Outcome = (typeof outcomes)[number]
export type Says = Partial<Record<string, string>>
export type Money = Record<string, number>
export interface Named {
  id?: string
  name?: string
}
export interface PolicyStep {
  action: 'draft' | 'edit' | 'review' | 'reject' | 'activate' | 'retire'
  by: Named
  at: Instant
  note?: string
}
export interface PolicyVersion {
  id: string
  name: string
  version: number
  state: PolicyState
  rules: Rules
  tests?: PolicyTest[]
  note?: string
  author: Named
  reviewer?: Named
  parent_version?: number
  steps?: PolicyStep[]
  /** Grows with every change of a draft. */
  revision: number
  created_at: Instant
  live_at?: Instant
  retired_at?: Instant
}
export interface PolicyDraft {
  name: string
  rules: Rules
  note?: string
  tests?: PolicyTest[]
}
export type PolicyAction = 'review' | 'reject' | 'activate' | 'retire'

export const evidences = ['photo', 'video', 'document'] as const
export type Evidence = (typeof evidences)[number]
export const phases = ['pre_ship', 'in_transit', 'after_receipt'] as const
export const claims = ['change_of_mind', 'defect', 'not_delivered', 'fraud'] as const
export type Freight = 'seller' | 'customer'
export interface RuleQuestion {
  name: string
  type: 'bool' | 'date' | 'number' | 'choice'
  choices?: string[]
  says?: Says
}
export interface RuleThen {
  outcome?: Outcome
  window_days?: number
  freight?: Freight
  restocking_fee?: number
  auto_approve?: Money
  returnless?: boolean
  evidence?: Evidence[]
  needs?: RuleQuestion[]
  offers?: string[]
}
export interface RuleCondition {
  id: string
  when: string
  kinds?: Kind[]
  phases?: Phase[]
  reasons?: string[]
  then: RuleThen
  says?: Says
}
export interface RuleTier {
  window_days?: number
  auto_approve?: Money
  returnless?: Money
  advance?: Money
  freight?: 'seller'
}
export interface RulePromise {
  code: string
  when?: string
  reasons?: string[]
  basis?: 'promise' | 'goodwill' | 'statutory'
  /** Percent of what was paid: 400 is four times. */
  multiple: number
  min?: Money
  max?: Money
  /** Paid without another look up to this much, once a person has seen the goods or approved the case. */
  auto_approve?: Money
  says?: Says
}
export const proposals = ['return_refund', 'refund_only', 'partial', 'exchange'] as const
export interface RuleOffer {
  id: string
  when?: string
  kinds?: Kind[]
  phases?: Phase[]
  reasons?: string[]
  offer: (typeof proposals)[number]
  percent?: number
  amount?: Money
  freight?: Freight
  only_on_demand?: boolean
  says?: Says
}
export interface RuleEvidence {
  reasons?: string[]
  kinds?: Kind[]
  above?: Money
  ask: Evidence[]
  says?: Says
}

/** What is wrong with rules; line and column are those of the expression at the path. */
export interface RuleProblem {
  path: string
  line?: number
  column?: number
  message: string
  want?: string
  /** Both, by language. */
  says?: Says
}
/** A right that the rules would take away. */
export interface Violation {
  path: string
  jurisdiction: string
  rule: string
  cite: string[]
  remedy: string
  says: Says
}
export interface RuleCheck {
  problems: RuleProblem[]
  floor: Violation[]
  warnings: { path: string; code?: string; message?: string; says?: Says }[]
}
/** A name that expressions may use. */
export interface PolicyWord {
  name: string
  type: 'text' | 'number' | 'bool' | 'date' | 'list' | 'map'
  doc: string
}
export interface RuleChange {
  path: string
  op: 'add' | 'remove' | 'change' | 'move'
  before?: unknown
  after?: unknown
}

export interface Ground {
  code: string
  text?: string
  basis?: 'law' | 'policy' | 'promise'
  rule?: string
  cite?: string[]
}
export interface Judgement {
  outcome: Outcome
  grounds: Ground[]
  needs?: { name: string; kind: 'fact' | 'evidence'; says?: Says }[]
  offers?: { id: string; kind: string; amount?: Amount }[]
  promises?: { code: string; amount: Amount }[]
  lines?: { line: number; until?: Instant; freight: Freight; restocking_fee: number }[]
  limit?: number
  fired?: string[]
}
/** A request as it is written down. */
export interface Sample {
  kind?: Kind
  phase?: Phase
  now: Instant
  placed?: Instant
  zone?: string
  total: Amount
  verified?: boolean
  customer?: { tier?: string; orders?: number; cases?: number; refused?: number; since?: Instant }
  channel?: string
  country?: string
  region?: string
  seller?: string
  language?: string
  photos?: number
  known?: Record<string, unknown>
  goods: SampleGoods[]
}
export interface SampleGoods {
  sku?: string
  title?: string
  category?: string
  traits?: string[]
  quantity?: number
  paid?: number
  seller?: string
  delivered?: Instant
  reason?: string
  photos?: number
}
/** An example that has to come out as written before a version goes live. */
export interface PolicyTest {
  name: string
  request: Sample
  expect: { outcome?: Outcome; grounds?: string[]; fired?: string[]; needs?: string[]; freight?: Freight }
}
export interface TestResult {
  name: string
  passed: boolean
  wrong?: string[]
  judgement: Judgement
}
