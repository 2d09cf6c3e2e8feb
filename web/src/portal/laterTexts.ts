import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../i18n/later.*.json')
let read: Promise<void> | undefined

/** The texts of the parts that few cases have, read once. The further languages have them with all others. */
export function readTexts(): Promise<void> {
  read ??= addTexts(texts).catch((error: unknown) => {
    read = undefined
    throw error
  })
  return read
}
