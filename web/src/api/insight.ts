// Figures of a shop: the shapes of the API about dashboards, version 1.
import type { Amount, Instant } from './types'
import type { Day } from './rights'

export type Grain = 'day' | 'week' | 'month'
export interface Count {
  name: string
  count: number
}
export interface Speed {
  count: number
  median_seconds: number
  p90_seconds: number
}
export interface Insight {
  from: Day
  to: Day
  grain: Grain
  zone: string
  periods: Day[]
  cases: { total: number; states: Count[]; series: { start: Day; count: number; states: Count[] }[] }
  reasons: Count[]
  money: { total: Amount; count: number; series: { start: Day; total: Amount; count: number; cases: number }[] }[]
  refund_time: Speed & { series: (Speed & { start: Day })[] }
  answers: Speed & { automatic: number; by: Count[]; series: (Speed & { start: Day; automatic: number })[] }
  products: {
    from: Day
    to: Day
    sold: number
    returned: number
    items: { sku: string; title: string; sold: number; returned: number }[]
  }
  counting: { recounting: boolean; set_aside: number; behind_since?: Instant }
}
export interface OpenNow {
  total: number
  overdue: number
  states: Count[]
  ages: Count[]
  deadlines: Count[]
}
export interface InsightChoices {
  kinds: string[]
  channels: string[]
  markets: string[]
  sellers: string[]
}
export interface InsightRoutes {
  'GET /v1/insight': { answer: Insight }
  'GET /v1/insight/open': { answer: OpenNow }
  'GET /v1/insight/choices': { answer: InsightChoices }
}
