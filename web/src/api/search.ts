// What a text finds: the shapes of the console's part of the HTTP API, version 1.
import type { Amount, CaseState, Instant } from './types'

export interface SearchAnswer {
  /** Missing where the reader may not see any. */
  cases?: {
    id: string
    number: string
    state: CaseState
    kind: string
    customer_name?: string
    title: string
    opened_at: Instant
  }[]
  orders?: { id: string; number: string; title: string; placed_at: Instant }[]
  customers?: { id: string; name: string; email?: string; phone?: string }[]
  products?: { sku: string; title: string; variant?: string; image_url?: string; price: Amount; active: boolean }[]
  messages?: {
    /** Of the message, or of the note's entry in the timeline. */
    id: string
    note: boolean
    /** Of a message, its place in the conversation. */
    seq?: number
    by: 'customer' | 'shop'
    name?: string
    at: Instant
    case: string
    case_number: string
    customer_name?: string
    sentence: { text: string; hit?: boolean }[]
  }[]
}
