import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>(['../i18n/seal.*.json', '../i18n/more/seal.*.json'])
let read: Promise<void> | undefined

/** What shows the sealed log comes together with its texts. */
export const withSeal =
  <T>(part: () => Promise<T>) =>
  async (): Promise<T> => {
    const [found] = await Promise.all([part(), (read ??= addTexts(texts))])
    return found
  }
