import type { Amount, Component } from '@/api/types'

/** Which parts the tax of each code is charged on. */
const taxed: Record<string, string[]> = {
  tax: ['goods'],
  shipping_tax: ['shipping'],
  partial_tax: ['partial_refund', 'price_protection', 'part_refunded'],
  exchange_tax: ['exchange_goods'],
  promotion_tax: ['promotion'],
}

/**
 * The parts of a refund as prices that contain tax are read: each with its tax
 * inside, which is told beside it.
 */
export function priced(parts: Component[], included = false): (Component & { tax?: Amount })[] {
  if (!included) return parts
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
