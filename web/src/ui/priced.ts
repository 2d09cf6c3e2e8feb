import type { Amount, Component } from '@/api/types'

/** Which parts the tax of each code is charged on. */
const taxed: Record<string, string[]> = {
  tax: ['goods'],
  shipping_tax: ['shipping'],
  partial_tax: ['partial_refund', 'price_protection'],
  exchange_tax: ['exchange_goods'],
  promotion_tax: ['promotion'],
}

/**
 * The parts of a refund as prices that contain tax are read: each with its tax
 * inside, which is told beside it. What was refunded before is known without tax
 * only, so there every part stays as it is.
 */
export function priced(parts: Component[], included = false): (Component & { tax?: Amount })[] {
  if (!included || parts.some((part) => part.code === 'part_refunded')) return parts
  const all: (Component & { tax?: Amount })[] = []
  for (const part of parts) {
    const base = all.find((one) => taxed[part.code]?.includes(one.code) && one.ground === part.ground)
    if (!base) {
      all.push({ ...part })
      continue
    }
    base.amount = { ...base.amount, minor: base.amount.minor + part.amount.minor }
    base.tax = part.amount
  }
  return all
}
