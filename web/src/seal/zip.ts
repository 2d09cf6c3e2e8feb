const wrong = () => new Error('not a bundle')

export interface Packed {
  entries: Map<string, Uint8Array<ArrayBuffer>>
  /** Names of the entries that are not what was packed. */
  damaged: string[]
}

/** The entries of a ZIP file in which nothing is compressed; throws at anything a bundle does not have. */
export function entriesOf(file: Uint8Array): Packed {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const end = file.length - 22
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw wrong()
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const all = new Map<string, Uint8Array<ArrayBuffer>>()
  const sums: number[] = []
  for (let n = 0; n < count; n++) {
    if (view.getUint32(at, true) !== 0x02014b50 || view.getUint16(at + 10, true) !== 0) throw wrong()
    const [size, real] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
    const [named, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ]
    const local = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + named))
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    if (size !== real || start + size > file.length || all.has(name)) throw wrong()
    all.set(name, file.slice(start, start + size))
    sums.push(view.getUint32(at + 16, true))
    at += 46 + named + extra + comment
  }
  exact(file, all, sums)
  const damaged = [...all].filter(([, data], n) => crc32(data) !== sums[n]).map(([name]) => name)
  return { entries: all, damaged }
}

/** Packs the entries again, under the sums they had, and compares: a byte that differs is a byte that somebody changed. */
function exact(file: Uint8Array, entries: Map<string, Uint8Array>, sums: number[]): void {
  let at = 0
  const same = (part: Uint8Array) => {
    for (let i = 0; i < part.length; i++) if (part[i] !== file[at + i]) throw wrong()
    at += part.length
  }
  const places: { name: Uint8Array; crc: number; size: number; start: number }[] = []
  for (const [text, data] of entries) {
    const one = { name: new TextEncoder().encode(text), crc: sums[places.length]!, size: data.length, start: at }
    same(bytes([4, 0x04034b50], [2, 20], [2, 8], [4, 0], [2, 0], [4, 0], [4, 0], [4, 0], [2, one.name.length], [2, 0]))
    same(one.name)
    same(data)
    same(bytes([4, 0x08074b50], [4, one.crc], [4, one.size], [4, one.size]))
    places.push(one)
  }
  const directory = at
  for (const { name, crc, size, start } of places) {
    same(bytes([4, 0x02014b50], [2, 20], [2, 20], [2, 8], [4, 0], [2, 0], [4, crc], [4, size], [4, size]))
    same(bytes([2, name.length], [4, 0], [4, 0], [4, 0], [4, start]))
    same(name)
  }
  const length = at - directory
  same(bytes([4, 0x06054b50], [4, 0], [2, places.length], [2, places.length], [4, length], [4, directory], [2, 0]))
  if (at !== file.length) throw wrong()
}

/** Numbers of two or four bytes, the lowest first. */
function bytes(...fields: [2 | 4, number][]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([size, value]) => Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 255)),
  )
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function crc32(data: Uint8Array): number {
  let c = 0xffffffff
  for (let i = 0; i < data.length; i++) c = table[(c ^ data[i]!) & 255]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
