import type { PolicyTest, Sample } from '@/api/policy'
import type { StaffCase, StaffOrder } from '@/api/staff'

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
export const emptyTest = (n: number): PolicyTest => ({
  name: `${n}`,
  request: {
    kind: 'return_refund',
    phase: 'after_receipt',
    now: new Date().toISOString(),
    total: { minor: 10000, currency: 'CNY' },
    goods: [
      {
        quantity: 1,
        paid: 10000,
        delivered: new Date(Date.now() - 3 * 86_400_000).toISOString(),
        reason: 'no_longer_needed',
      },
    ],
  },
  expect: { outcome: 'approve' },
})
