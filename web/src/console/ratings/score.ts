import { tOr } from '@/i18n'
import type { Tone } from '@/ui/Badge.vue'

/** The highest score that somebody should look at, and the lowest that counts as satisfied; as the server has them. */
export const low = 2
const happy = 4

export const scoreTone = (score: number): Tone => (score <= low ? 'bad' : score >= happy ? 'ok' : 'neutral')
export const scoreWord = (score: number): string => tOr(`rating.word.${score}`, String(score))
