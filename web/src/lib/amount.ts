const ascii = (text: string) =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/．/g, '.')
    .replace(/[，,](?=\d{3}(\D|$))/g, '')
    .replace(/[，,]/g, '.')
    .replace(/[^\d.]/g, '')

/**
 * The currencies that have not 2 digits in ISO 4217, by which the server counts,
 * each with its number. A browser's own number is another where people left off
 * small coins (HUF, IDR, IQD), and not the same in every browser.
 */
const others =
  'BHD3BIF0CLF4CLP0DJF0GNF0IQD3ISK0JOD3JPY0KMF0KRW0KWD3LYD3OMR3PYG0RWF0TND3UGX0UYI0UYW4VND0VUV0XAF0XOF0XPF0'

/** How many digits a currency, which has three letters, has behind the point: 2 for CNY, 0 for JPY. */
export function digitsOf(currency: string): number {
  const found = others.indexOf(currency)
  return found < 0 ? 2 : Number(others[found + 3])
}

/**
 * What a person wrote as an amount, in the smallest unit of the currency;
 * undefined when it is none. Full-width digits, a currency sign and a decimal
 * comma are understood.
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency)
  const [whole = '', rest = '', ...more] = ascii(text).split('.')
  if (more.length || (!whole && !rest) || rest.length > digits || whole.length > 12) return undefined
  return Number(whole + rest.padEnd(digits, '0'))
}

/** An amount as it is written into a field. */
export function writeAmount(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  return (minor / 10 ** digits).toFixed(digits)
}
