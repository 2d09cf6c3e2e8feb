import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/admin.*.json')

export const readTexts = (): Promise<void> => addTexts(texts)
