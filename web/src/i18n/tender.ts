import { tOr } from '.'

/** What a means of payment is called: its own label, else the word for its kind. */
export function tenderName(tender: { kind: string; label?: string }): string {
  return tender.label || tOr(`tender.${tender.kind}`, tender.kind)
}
