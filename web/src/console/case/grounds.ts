import { tOr } from '@/i18n'

/**
 * Where a rule of the law can be read: in the version that was asked. One that a
 * law takes over from another stands in its list as well.
 */
export function lawPage(
  packs: readonly string[],
  rule: string,
): { path: string; query: Record<string, string> } | undefined {
  const own = packs.filter((pack) => rule.startsWith(`${pack.split('@')[0]}-`)).toSorted((a, b) => b.length - a.length)
  const [place, version] = (own[0] ?? packs[0] ?? '').split('@')
  return place && version ? { path: `/rights/${place}`, query: { version, q: rule } } : undefined
}

/**
 * What a clause of the shop's rules is about, in words: "standard@2/reasons/defective/window_days" is the return
 * window. A name of the shop's own comes back as it is.
 */
export function clauseWord(rule: string): string {
  const parts = rule.split('/').slice(rule.includes('@') ? 1 : 0)
  const last = parts.at(-1) ?? rule
  return tOr(`clause.${last}`, '') || tOr(`clause.${parts[0]}`, last)
}
