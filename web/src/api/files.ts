// What was shown of goods, as staff see it.
import type { EvidenceKind, Instant } from './types'

export interface Alike {
  case: string
  number: string
  url: string
  /** Bits of 64 in which the pictures differ. */
  distance: number
  /** The same file, byte for byte. */
  same: boolean
}
export interface EvidenceFile {
  id: string
  url: string
  kind: EvidenceKind
  /** Of the file as it was sent, and of what its address answers. */
  media: string
  shown: string
  sha256: string
  size: number
  width?: number
  height?: number
  seconds?: number
  by: string
  at: Instant
  scan: 'none' | 'waiting' | 'clean' | 'found'
  found?: string
  alike: Alike[]
}
export interface FileRoutes {
  'GET /v1/cases/{id}/files': { answer: { items: EvidenceFile[] } }
}
