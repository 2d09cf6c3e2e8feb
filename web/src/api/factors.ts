// Second factors of staff: the shapes of the console's part of the HTTP API, version 1.
import type { Instant } from './types'

export type FactorKind = 'totp' | 'passkey'
/** What can be shown besides the password. */
export type Way = FactorKind | 'recovery'

export interface Factor {
  id: string
  kind: FactorKind
  name: string
  site?: string
  created_at: Instant
  used_at?: Instant
}
export interface Factors {
  items: Factor[]
  recovery_left: number
  required: boolean
}
export interface AppSetup {
  ticket: string
  secret: string
  uri: string
  /** The address as a picture (SVG). */
  qr: string
}
export interface AddedFactor {
  factor: Factor
  /** With the first factor only, and only now. */
  recovery?: string[]
}
/** What the browser is asked for a passkey. */
export interface PasskeyQuestion {
  ticket: string
  options: Record<string, unknown>
  until: Instant
}
/** One of the three. */
export interface FactorProof {
  code?: string
  recovery?: string
  ticket?: string
  response?: Record<string, unknown>
}
