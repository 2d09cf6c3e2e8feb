import { addTexts, type Catalogue } from '@/i18n'
import en from '../../i18n/audit.en.json'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/audit.*.json')
let added: Promise<void> | undefined

/** Every event that has words. */
export const eventTypes = Object.keys(en).flatMap((key) => (key === 'event.raw' ? [] : [key.replace('event.', '')]))

/** The words of events, once. */
export const readTexts = (): Promise<void> => (added ??= addTexts(texts))
