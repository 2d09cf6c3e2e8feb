import type { CaseNeed } from '@/api/types'

/** What somebody put in for a question: as typed, or that it is not known. */
export interface Told {
  text: string
  unknown: boolean
}

/** The name under which an answer goes out, and its value; undefined: it is not an answer yet. */
export function answerOf(need: CaseNeed, told: Told): boolean | number | string | null | undefined {
  if (told.unknown) return null
  const text = told.text.trim()
  if (!text) return undefined
  if (need.type === 'bool') return text === 'yes'
  if (need.type !== 'number') return text
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

export const isPhoto = (need: CaseNeed): boolean => need.kind === 'evidence'
