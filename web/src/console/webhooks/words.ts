import type { Delivery } from '@/api/webhook'
import { t, tOr } from '@/i18n'

/** What a webhook is told, in words: an event, a family of them, or a test. A newer program's event keeps its own name. */
export function eventWords(kind: string): string {
  if (kind === 'webhook.ping') return t('webhook.test')
  const [family, rest] = kind.split('.')
  if (rest === '*') return t('webhook.whole_of', { family: tOr(`webhook.family.${family}`, family!) })
  return tOr(`event.${kind}`, kind)
}

/** Why a delivery was not taken; each has words that also say what helps. */
export const troubles = [
  'denied', 'missing', 'late', 'gone', 'often', 'inside', 'certificate', 'name', 'nobody', 'broken', 'moved', 'rejected',
] as const
export type Trouble = (typeof troubles)[number]
const statuses: Record<number, Trouble> = {
  401: 'denied',
  403: 'denied',
  404: 'missing',
  405: 'missing',
  408: 'late',
  410: 'gone',
  429: 'often',
}
/** What the network says when no answer comes, and which words are for it. */
const said: [RegExp, Trouble][] = [
  [/no answer in time/, 'late'],
  [/private network/, 'inside'],
  [/x509|certificate|tls|handshake/i, 'certificate'],
  [/no such host|lookup|server misbehaving/, 'name'],
  [/refused|reset|unreachable|EOF|closed/i, 'nobody'],
]

/** Why a delivery was not taken; nothing: it was, or was not tried yet. */
export function trouble({ status, error }: Pick<Delivery, 'status' | 'error'>): Trouble | undefined {
  if (!error) return undefined
  if (!status) return said.find(([sign]) => sign.test(error))?.[1] ?? 'nobody'
  if (statuses[status]) return statuses[status]
  if (status >= 500) return 'broken'
  return status < 400 ? 'moved' : 'rejected'
}
