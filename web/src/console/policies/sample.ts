import type { PolicyTest, Rules, Sample } from '@/api/policy'
import type { StaffCase, StaffOrder } from '@/api/staff'
import { t } from '@/i18n'
import { digits } from './units'

/** A case of the past as an example: what was asked for, as the rules see it, and what was decided. */
export function sampleOf(found: StaffCase, order: StaffOrder): Sample {
  const lines = new Map(order.lines.map((line) => [line.no, line]))
  return {
    kind: found.kind,
    phase: found.phase ?? 'after_receipt',
    now: found.opened_at,
    placed: order.placed_at,
    zone: order.zone,
    total: found.money.quoted.total,
    language: found.language,
    ...(found.seller ? { seller: found.seller } : {}),
    photos: found.items.reduce((sum, item) => sum + item.photos.length, 0),
    goods: found.items.map((item) => {
      const line = lines.get(item.line)
      const delivered = line?.delivered_at ?? order.delivered_at
      return {
        sku: item.sku,
        title: item.title,
        category: line?.category ?? '',
        quantity: item.quantity,
        paid: line ? Math.round((line.paid.minor / line.quantity) * item.quantity) : 0,
        ...(delivered ? { delivered } : {}),
        reason: item.reason.code,
        photos: item.photos.length,
      }
    }),
  }
}
export const testOf = (found: StaffCase, order: StaffOrder): PolicyTest => ({
  name: found.number,
  request: sampleOf(found, order),
  expect: found.decision ? { outcome: found.decision.outcome as PolicyTest['expect']['outcome'] } : {},
})
const at = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z')

/** A plain request of today, in a currency and with a reason of the rules. */
export function emptyTest(n: number, rules?: Rules): PolicyTest {
  const all = Object.keys(rules?.auto_approve ?? {})
  const currency = all.includes('CNY') ? 'CNY' : (all[0] ?? 'CNY')
  const paid = 100 * 10 ** digits(currency)
  const now = Math.floor(Date.now() / 60_000) * 60_000
  return {
    name: t('policy.test_no', { n }),
    request: {
      kind: 'return_refund',
      phase: 'after_receipt',
      now: at(now),
      zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      total: { minor: paid, currency },
      goods: [
        { quantity: 1, paid, delivered: at(now - 3 * 86_400_000), reason: rules?.reasons[0]?.code ?? 'no_longer_needed' },
      ],
    },
    expect: { outcome: 'approve' },
  }
}
