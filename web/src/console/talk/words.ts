import { lang } from '@/i18n'

/** Chinese is told by how it is written, not by where. */
const scripts: Record<string, string> = { 'zh-CN': 'zh-Hans', 'zh-TW': 'zh-Hant' }

/** A language in the words of the one that is shown. */
export const languageName = (code: string): string =>
  new Intl.DisplayNames(lang.value, { type: 'language' }).of(scripts[code] ?? code) ?? code
