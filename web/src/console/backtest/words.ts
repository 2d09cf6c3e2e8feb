import type { Count, Dimension, Group, RunSample, Source } from '@/api/backtest'
import type { Outcome } from '@/api/policy'
import { lang, t, tOr } from '@/i18n'
import { country } from '../policies/check'
import { reasonText } from '../reasons'

export const number = (value: number): string => new Intl.NumberFormat(lang.value).format(value)
export const percent = (part: number, whole: number): string =>
  new Intl.NumberFormat(lang.value, { style: 'percent', maximumFractionDigits: 1 }).format(whole ? part / whole : 0)

/** approve>refuse, approve:refund, approve:freight in words. */
export function changeWords(change: string): string {
  const [before, after] = change.split('>')
  if (after) return `${outcomeWords(before!)} → ${outcomeWords(after)}`
  const [outcome, what] = change.split(':')
  return what ? `${outcomeWords(outcome!)} · ${t(`backtest.terms.${what as 'refund' | 'freight'}`)}` : change
}
export const outcomeWords = (outcome: string): string => tOr(`policy.outcome.${outcome as Outcome}`, outcome)
/** The value of a dimension: a reason, a country, a kind in words; names stay names. */
export function groupWords({ dimension, name }: Pick<Group, 'dimension' | 'name'>): string {
  if (!name) return t('backtest.unknown_value')
  const say: Partial<Record<Dimension, (name: string) => string>> = {
    kind: (one) => tOr(`kind.${one}`, one),
    reason: reasonText,
    country: (one) => country(one, lang.value),
  }
  return say[dimension]?.(name) ?? name
}
/** conditions/vip as "Rules of your own: vip". */
export function partWords(part: string): string {
  const [section = '', ...rest] = part.split('/')
  const name = rest.join('/')
  const words = tOr(`backtest.part.${section}`, section)
  return name ? `${words}: ${section === 'reasons' ? reasonText(name) : name}` : words
}
export const factWords = (one: Count): string => tOr(`backtest.fact.${one.name}`, one.name)
export const sourceWords = (source: Source): string => t(`backtest.source.${source}`)

function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
/** Rows as a CSV file that a spreadsheet opens, with what could be a formula made harmless. */
export function csv(rows: (string | number)[][]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
export const titleOf = (one: RunSample): string => [one.number, one.title].filter(Boolean).join(' · ')
