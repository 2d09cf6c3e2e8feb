// Rules tried on the past, and on one case.
import type { Freight, Outcome } from './policy'
import type { Amount, Instant, Kind } from './types'
import type { Rules } from './staff'

export type RunState = 'queued' | 'running' | 'done' | 'cancelled' | 'failed'
export const sources = ['cases', 'history'] as const
export type Source = (typeof sources)[number]
export type Against = 'then' | 'live'
export interface Trial {
  policy: string
  version?: number
  rules?: Rules
  against?: Against
}
export interface NewRun extends Trial {
  from?: Instant
  to?: Instant
  kinds?: Kind[]
  sellers?: string[]
  sources?: Source[]
  limit?: number
}
export interface Count {
  name: string
  count: number
}
export interface RunSummary {
  id: string
  state: RunState
  policy: string
  version?: number
  by?: string
  scope: {
    from?: Instant
    to: Instant
    kinds?: Kind[]
    sellers?: string[]
    sources: Source[]
    limit: number
    against: Against
    reason: string
  }
  progress: { done: number; total: number; rate: number; seconds_left?: number }
  better: number
  worse: number
  other: number
  error?: string
  created_at: Instant
  started_at?: Instant
  updated_at: Instant
  ended_at?: Instant
}
export interface Cell {
  before: Outcome
  after: Outcome
  count: number
}
export const sums = ['paid', 'open', 'refused', 'fees', 'freight_seller', 'freight_customer'] as const
export type SumName = (typeof sums)[number]
export interface MoneyFigures {
  currency: string
  before: Record<SumName, Amount>
  after: Record<SumName, Amount>
}
export const dimensions = ['kind', 'reason', 'category', 'country', 'seller', 'customer'] as const
export type Dimension = (typeof dimensions)[number]
export interface Group {
  dimension: Dimension
  name: string
  tried: number
  better: number
  worse: number
  other: number
  paid_before: Amount
  paid_after: Amount
}
export interface Run extends RunSummary {
  figures: {
    decided: number
    skipped: Count[]
    matrix: Cell[]
    changes: Count[]
    money: MoneyFigures[]
    time: { median_seconds: number; measured: number; at_once: number; to_person: number; saved_seconds: number }
    people: Count[]
    affected: Count[]
    unknown: Count[]
    assumed: Count[]
  }
  coverage: {
    parts: Count[]
    never: string[]
    overlaps: { first: string; second: string; count: number }[]
    laws: Count[]
  }
  groups: Group[]
}
export interface Side {
  policy: string
  version?: number
  outcome: Outcome
  refund: Amount
  fees: Amount
  freight?: Freight
  until?: Instant
  grounds: { code: string; text: string; staff: string; basis?: string; rule?: string; cite?: string[] }[]
  needs: { name: string; text: string }[]
}
export type Direction = 'better' | 'worse' | 'other'
export interface RunSample {
  change: string
  direction: Direction
  source: Source
  /** Missing for a past return of an import. */
  case?: string
  number: string
  order: { id: string; number: string }
  title: string
  kind: Kind
  reason: string
  country?: string
  seller?: string
  asked_at: Instant
  became?: string
  before: Side
  after: Side
  unknown?: string[]
}
export interface WhatIf {
  case: string
  number: string
  before: Side
  after: Side
  change?: string
  direction?: Direction
  became?: string
  unknown: string[]
}
