import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/calendar.*.json')

/** The words of this page: few people look at it. */
export const readTexts = (): Promise<void> => addTexts(texts)
