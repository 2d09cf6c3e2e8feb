const ascii = (text: string) =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/．/g, '.')
    .replace(/[，,](?=\d{3}(\D|$))/g, '')
    .replace(/[，,]/g, '.')
    .replace(/[^\d.]/g, '')

/**
 * The currencies of 0, 3 and 4 digits in ISO 4217, by which the server counts. A
 * browser's own number of digits is another where people left off small coins
 * (HUF, IDR, IQD), and not the same in every browser.
 */
const others = [
  ' BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ',
  '',
  '',
  ' BHD IQD JOD KWD LYD OMR TND ',
  ' CLF UYW ',
]

/** How many digits a currency has behind the point: 2 for CNY, 0 for JPY; 2 also for what is none. */
export function digitsOf(currency: string): number {
  const found = others.findIndex((codes) => codes.includes(` ${currency} `))
  return found < 0 ? 2 : found
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
