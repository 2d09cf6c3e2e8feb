import type { SealedEvent } from '@/seal/verify'
import type { Page } from './types'

export interface SealOf {
  case: string
  log: string
  checkpoint: string
  keys: string[]
  sealed: number
  waiting: number
  events: EventSeal[]
}
export interface EventSeal {
  id: string
  type: string
  at: string
  state: 'sealed' | 'waiting' | 'adopted'
  entry?: number
  leaf: string
  sealed_by?: string
  erased?: boolean
  proof: string[]
  parts: Omit<SealedEvent, 'id' | 'type' | 'position' | 'proof'>
}
export interface EvidenceFile {
  id: string
  state: 'waiting' | 'making' | 'ready' | 'failed'
  done: number
  of: number
  size?: number
}
export interface LogPicture {
  begun: boolean
  log: string
  entries: number
  unsealed: number
  lag_ms: number
  sealed_at?: string
  sealing: boolean
  keys: LogKey[]
  key_source: 'file' | 'config' | 'master'
  witnesses: {
    name: string
    entries: number
    signed_at?: string
    tried_at?: string
    problem?: string
    asked: boolean
  }[]
  checkpoints: { entries: number; sealed_at: string; note: string; signers: string[] }[]
  audits: LogAudit[]
  may_audit: boolean
  may_keys: boolean
}
export interface LogKey {
  id: string
  verifier: string
  signs: boolean
  since: number
  added_at: string
  retired_at?: string
}
export interface LogAudit {
  id: string
  state: 'waiting' | 'running' | 'ended' | 'failed'
  files: boolean
  by?: string
  asked_at: string
  ended_at?: string
  done: number
  of: number
  report?: {
    entries: number
    events: number
    erased: number
    before: number
    findings_count: number
    findings: { kind: string; position?: number; text: string }[]
  }
}
export interface PersonalRead {
  id: string
  at: string
  actor: { kind: string; id?: string; name?: string }
  what: string
  subject?: string
  in?: string
  number?: string
  customer?: string
  about?: string
  told?: number
}
export interface Erasure {
  customer: string
  reason: string
  by: string
  at: string
  cases: number
  orders: number
  events: number
  files: number
  done_at?: string
}

export interface SealRoutes {
  'GET /v1/cases/{id}/seal': { answer: SealOf }
  'GET /v1/my/cases/{id}/seal': { answer: SealOf }
  'POST /v1/cases/{id}/evidence': { answer: EvidenceFile }
  'POST /v1/my/cases/{id}/evidence': { answer: EvidenceFile }
  'GET /v1/cases/{id}/evidence/{file}': { answer: EvidenceFile }
  'GET /v1/my/cases/{id}/evidence/{file}': { answer: EvidenceFile }
  'GET /v1/seal': { answer: LogPicture }
  'POST /v1/seal/audits': { body: { files?: boolean }; answer: LogAudit }
  'POST /v1/seal/keys': { answer: { id: string; verifier: string } }
  'POST /v1/seal/keys/{id}/retire': { answer: undefined }
  'GET /v1/reads': { answer: Page<PersonalRead> }
  'GET /v1/my/reads': { answer: Page<PersonalRead> }
  'POST /v1/customers/{id}/erasure': { body: { reason: string }; answer: Erasure }
  'GET /v1/customers/{id}/erasure': { answer: Erasure }
}
