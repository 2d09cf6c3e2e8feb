import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/policy.*.json')

/** A page about policies comes together with its texts: there are many, and few people need them. */
export function withTexts<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([page(), addTexts(texts)])
    return found
  }
}
