import { digitsOf } from '@/lib/amount'

/** Digits behind the point of a currency; 2 for what is no currency (the server says so). */
export const digits = (currency: string): number => (currency.length === 3 ? digitsOf(currency) : 2)
/** Minor units as people write them: 50000 CNY is 500.00. */
export function written(minor: number | undefined, currency: string): string {
  return minor === undefined ? '' : (minor / 10 ** digits(currency)).toFixed(digits(currency))
}
/** What was written as minor units; undefined when it is empty, NaN when it is no amount of the currency. */
export function minorUnits(text: string, currency: string): number | undefined {
  const clean = text.trim().replace(/,/g, '')
  if (!clean) return undefined
  const places = digits(currency)
  const shape = new RegExp(`^(\\d{1,12})(?:\\.(\\d{0,${places}}))?$`)
  const found = shape.exec(clean)
  if (!found) return Number.NaN
  return Number(found[1]! + (found[2] ?? '').padEnd(places, '0'))
}
