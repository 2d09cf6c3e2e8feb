import { addTexts, type Catalogue } from '@/i18n'

const texts = import.meta.glob<{ default: Catalogue }>('../../i18n/talk.*.json')
let read: Promise<void> | undefined

/** What shows conversations and ready-made texts comes together with its texts. */
export const withTalk =
  <T>(part: () => Promise<T>) =>
  async (): Promise<T> =>
    (await Promise.all([part(), (read ??= addTexts(texts))]))[0]
