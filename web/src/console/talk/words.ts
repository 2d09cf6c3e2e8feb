import { lang } from '@/i18n'

/** A language in the words of the one that is shown. */
export const languageName = (code: string): string =>
  new Intl.DisplayNames(lang.value, { type: 'language' }).of(code) ?? code
