import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/inbox.*.json')
let asked: Promise<void> | undefined

/** The words of lists, notes and keys, once. */
export const readTexts = (): Promise<void> => (asked ??= addTexts(texts))
