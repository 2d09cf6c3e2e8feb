import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/policy.*.json')
let added: Promise<void> | undefined

/** Reads the texts of the pages about policies, once. */
export const readTexts = (): Promise<void> => (added ??= addTexts(texts))
