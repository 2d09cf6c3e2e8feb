const ascii = (text: string) =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/．/g, '.')
    .replace(/[，,](?=\d{3}(\D|$))/g, '')
    .replace(/[，,]/g, '.')
    .replace(/[^\d.]/g, '')

/** How many digits a currency has behind the point: 2 for CNY, 0 for JPY. */
export function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
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
