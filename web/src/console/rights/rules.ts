import type { Confidence, LawRule, PackRow, TermOf } from '@/api/rights'
import { t, tOr, type Key } from '@/i18n'
import type { Tone } from '@/ui/Badge.vue'

export const levels: Confidence[] = ['A', 'B', 'C', 'D']
export const sureTone: Record<Confidence, Tone> = { A: 'ok', B: 'info', C: 'warn', D: 'bad' }
export const statusTone = (status: string): Tone => (status === 'active' ? 'ok' : 'warn')
export const statusWord = (status: string): string => tOr(`rights.status.${status}`, status)

/** The newest version of each law, those that decide first. */
export function newest(rows: PackRow[], lang: string): PackRow[] {
  const best = new Map<string, PackRow>()
  for (const row of rows) {
    if (row.version > (best.get(row.jurisdiction)?.version ?? 0)) best.set(row.jurisdiction, row)
  }
  return [...best.values()].toSorted((a, b) => a.status.localeCompare(b.status) || a.name.localeCompare(b.name, lang))
}

const low = (text: string): string => text.toLowerCase()

/** Whether a law is what somebody looks for: by its code, or by its name. */
export const matches = (row: PackRow, query: string): boolean =>
  low(`${row.jurisdiction} ${row.name}`).includes(low(query.trim()))

/** Whether a rule speaks of all the words: in what it says, its exceptions, or where it is written. */
export function speaksOf(rule: LawRule, query: string): boolean {
  const lists = [
    rule.requires,
    rule.exceptions,
    rule.review,
    rule.conditional,
    rule.notes,
    rule.deductions,
    rule.duties,
  ]
  const said = lists.flatMap((list) => list ?? []).map((one) => `${one.code} ${one.says}`)
  const text = low([rule.id, rule.name, rule.says, ...rule.citation, ...rule.source, ...said].join(' '))
  return low(query)
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function rollOf(roll = ''): string {
  if (!roll || roll === 'none') return ''
  return t(roll === 'disputed' || roll === 'unverified' ? 'rights.roll_unsure' : 'rights.roll_over')
}

/** A length of time in words: "14 days from the day it came". */
export function termText(term: TermOf): string {
  const count = Number(term.n)
  const length = Number.isFinite(count)
    ? t(`rights.unit.${term.unit}` as Key, { count })
    : t(`rights.unit_of.${term.unit}` as Key, { name: tOr(`rights.length.${term.n}`, term.n) })
  const start = term.from && tOr(`rights.start.${term.from}`, term.from)
  const extra = [term.count === 'incl_start' && t('rights.incl_start'), rollOf(term.roll)].filter(Boolean)
  const text = start ? t('rights.term', { length, start }) : length
  return extra.length ? `${text} (${extra.join(', ')})` : text
}
