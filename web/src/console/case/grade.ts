import type { Disposition, GradeInput, GradeReason, LossBasis, LossCode, StaffCase } from '@/api/staff'
import type { Grade, Photo } from '@/api/types'
import { parseAmount } from '@/lib/amount'

/** One line of the parcel as the warehouse works on it: all its runs together. */
export interface Lot {
  line: number
  title: string
  sku: string
  image_url?: string
  announced: number
  received: number
  reasons: string[]
  photos: Photo[]
}
/** What was found on some units of a line; the form has at least one for each line. */
export interface Finding {
  key: number
  line: number
  count: number
  grade: Grade | ''
  disposition: Disposition
  reasons: GradeReason[]
  note: string
  photos: Photo[]
  /** What is kept of the money, as it was written, and why. */
  loss?: string
  lossCode?: LossCode
  basis?: LossBasis | ''
}

/** What usually happens to goods of a grade; a person can choose otherwise. */
export const usual: Record<Grade, Disposition> = { A: 'restock', B: 'refurbish', C: 'liquidate', D: 'recycle' }

/** The lines of a case, with how many units were announced and, as far as known, arrived. */
export function lotsOf(found: StaffCase): Lot[] {
  const all = new Map<number, Lot>()
  for (const item of found.items) {
    const arrived = item.received ?? (item.state === 'missing' ? 0 : item.quantity)
    const lot = all.get(item.line)
    if (lot) {
      lot.announced += item.quantity
      lot.received += arrived
      if (!lot.reasons.includes(item.reason.text)) lot.reasons.push(item.reason.text)
      lot.photos.push(...item.photos)
      continue
    }
    all.set(item.line, {
      line: item.line,
      title: item.title,
      sku: item.sku,
      ...(item.image_url ? { image_url: item.image_url } : {}),
      announced: item.quantity,
      received: arrived,
      reasons: [item.reason.text],
      photos: [...item.photos],
    })
  }
  return [...all.values()]
}

let last = 0
export function finding(line: number, count: number): Finding {
  return { key: ++last, line, count, grade: '', disposition: 'restock', reasons: [], note: '', photos: [] }
}

/** One empty finding for each line that has something to grade. */
export const firstFindings = (lots: Lot[]): Finding[] =>
  lots.filter((lot) => lot.received > 0).map((lot) => finding(lot.line, lot.received))

/** Units of a line that have no finding yet; negative: too many were graded. */
export const ungraded = (lot: Lot, findings: Finding[]): number =>
  lot.received - findings.filter((one) => one.line === lot.line).reduce((sum, one) => sum + one.count, 0)

/** Takes one unit out of the largest finding of a line and gives it a finding of its own. */
export function split(findings: Finding[], line: number): Finding[] {
  const mine = findings.filter((one) => one.line === line)
  const largest = mine.toSorted((a, b) => b.count - a.count)[0]
  if (!largest || largest.count < 2) return findings
  const next = finding(line, 1)
  const at = findings.lastIndexOf(mine.at(-1)!)
  const changed = findings.map((one) => (one === largest ? { ...one, count: one.count - 1 } : one))
  return changed.toSpliced(at + 1, 0, next)
}

/** Takes a finding away and gives its units back to another one of the line. */
export function join(findings: Finding[], key: number): Finding[] {
  const gone = findings.find((one) => one.key === key)
  const rest = findings.filter((one) => one.key !== key)
  const heir = rest.find((one) => one.line === gone?.line)
  if (!gone || !heir) return findings
  return rest.map((one) => (one === heir ? { ...one, count: one.count + gone.count } : one))
}

/** Whether every received unit has exactly one finding with a grade. */
export const complete = (lots: Lot[], findings: Finding[]): boolean =>
  findings.every((one) => one.grade !== '' && one.count > 0) && lots.every((lot) => ungraded(lot, findings) === 0)

/** Adds or takes away a reason of a grade; "as new" stands alone. */
export function toggled(reasons: GradeReason[], reason: GradeReason): GradeReason[] {
  if (reasons.includes(reason)) return reasons.filter((one) => one !== reason)
  if (reason === 'as_new') return [reason]
  return [...reasons.filter((one) => one !== 'as_new'), reason]
}

/** What is kept for units that are refunded; 0: nothing, undefined: it is no amount. */
export function lossMinor(one: Finding, currency: string): number | undefined {
  if (!one.loss?.trim() || one.grade === 'A' || one.disposition === 'return_to_customer') return 0
  return parseAmount(one.loss, currency)
}

/** What a loss still lacks: an amount, its legal basis, or what shows it. */
export function lossTrouble(one: Finding, currency: string): '' | 'amount' | 'basis' | 'note' {
  const minor = lossMinor(one, currency)
  if (minor === undefined) return 'amount'
  if (minor === 0) return ''
  if (!one.basis) return 'basis'
  return one.note.trim() || one.photos.length ? '' : 'note'
}

function lossBody(one: Finding, currency: string): Partial<GradeInput> {
  const loss = currency ? lossMinor(one, currency) : 0
  if (!loss || !one.basis) return {}
  return { loss, basis: one.basis, ...(one.lossCode ? { loss_code: one.lossCode } : {}) }
}

export const asBody = (findings: Finding[], currency = ''): GradeInput[] =>
  findings.flatMap((one) =>
    one.grade === ''
      ? []
      : [
          {
            line: one.line,
            count: one.count,
            grade: one.grade,
            disposition: one.disposition,
            ...(one.reasons.length ? { reasons: one.reasons } : {}),
            ...(one.note.trim() ? { note: one.note.trim() } : {}),
            photos: one.photos.map((photo) => photo.id),
            ...lossBody(one, currency),
          },
        ],
  )
