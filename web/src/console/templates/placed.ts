import { t } from '@/i18n'

/** "line 2, column 4: {x} is not known", in the reader's language. */
export function placed(message: string): string {
  const found = /^line (\d+), column (\d+): (.+) (is not known|stands alone)$/.exec(message)
  if (!found) return t('template.bad')
  const [, line, column, what, why] = found
  const at = { line: line!, column: column!, what: what! }
  return why === 'is not known' ? t('template.bad_name', at) : t('template.bad_brace', at)
}
