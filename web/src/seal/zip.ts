/** The entries of a ZIP file in which nothing is compressed; throws at anything a bundle does not have. */
export function entriesOf(file: Uint8Array): Map<string, Uint8Array<ArrayBuffer>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const end = file.length - 22
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw new Error('not a bundle')
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const all = new Map<string, Uint8Array<ArrayBuffer>>()
  for (let n = 0; n < count; n++) {
    if (view.getUint32(at, true) !== 0x02014b50 || view.getUint16(at + 10, true) !== 0) throw new Error('not a bundle')
    const [size, real] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
    const [named, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [number, number, number]
    const local = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + named))
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    if (size !== real || start + size > file.length || all.has(name)) throw new Error('not a bundle')
    all.set(name, file.slice(start, start + size))
    at += 46 + named + extra + comment
  }
  return all
}
