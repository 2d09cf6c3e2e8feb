import type { Brand, Look } from '@/api/brand'

export const brandKey = ['shop-brand']

/** A look as the form edits it: nothing is shared with what was read. */
export const toForm = ({ accent, texts, links }: Brand): Look => JSON.parse(JSON.stringify({ accent, texts, links }))

/** A chosen file as base64, the way JSON carries it. */
export function asBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(file)
  })
}
