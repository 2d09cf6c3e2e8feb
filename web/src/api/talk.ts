// Messages between a customer and the shop about a case, and ready-made texts.
import type { Instant, Photo } from './types'

export type TalkSide = 'customer' | 'shop'
export interface Message {
  id: string
  seq: number
  by: TalkSide
  /** Who of the staff wrote it; staff only. */
  name?: string
  mine?: boolean
  at: Instant
  language?: string
  text?: string
  files?: Photo[]
}
export interface Thread {
  items: Message[]
  more: boolean
  last: number
  /** How far one's own side has read. */
  read: number
  /** How far the other side has read. */
  seen: number
  seen_at?: Instant
  /** Since when the customer waits for an answer. */
  wrote_at?: Instant
  language: string
  open: boolean
}
export interface NewMessage {
  text?: string
  files?: string[]
  language?: string
  seen?: number
  reply?: string
}

export interface Reply {
  id: string
  title: string
  shortcut: string
  shared: boolean
  texts: Record<string, string>
  version: number
  uses: number
  by?: string
  updated_at: Instant
}
export interface ReplyDraft {
  title: string
  shortcut: string
  shared?: boolean
  texts: Record<string, string>
}
export interface Filled {
  text: string
  language: string
}

export interface TalkRoutes {
  'GET /v1/my/cases/{id}/messages': { answer: Thread }
  'POST /v1/my/cases/{id}/messages': { body: NewMessage; answer: Message }
  'POST /v1/my/cases/{id}/messages/read': { body: { to: number }; answer: void }
  'GET /v1/cases/{id}/messages': { answer: Thread }
  'POST /v1/cases/{id}/messages': { body: NewMessage; answer: Message }
  'POST /v1/cases/{id}/messages/read': { body: { to: number }; answer: void }
  'POST /v1/cases/{id}/messages/settle': { body: { to: number }; answer: void }
  'GET /v1/replies': { answer: { items: Reply[]; languages: string[]; variables: string[] } }
  'POST /v1/replies': { body: ReplyDraft; answer: Reply }
  'PUT /v1/replies/{id}': { body: ReplyDraft; answer: Reply }
  'DELETE /v1/replies/{id}': { answer: void }
  'POST /v1/replies/preview': { body: { case: string; language: string; text: string }; answer: Filled }
  'GET /v1/cases/{id}/replies/{reply}': { answer: Filled }
}
