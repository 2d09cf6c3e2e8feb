/**
 * A picture that was drawn again has lost what the camera noted of time and
 * place. The shop seals that with the file, so the note is put back; what
 * others see of the picture is drawn without it.
 */
export async function withNote(original: Blob, drawn: Blob): Promise<Blob> {
  try {
    const note = find(new Uint8Array(await original.slice(0, 192 * 1024).arrayBuffer()))
    if (!note) return drawn
    upright(note)
    return new Blob([drawn.slice(0, 2), note, drawn.slice(2)], { type: drawn.type })
  } catch {
    return drawn
  }
}

/** The EXIF segment of a JPEG, with its marker and length. */
export function find(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!
    const size = view.getUint16(at + 2)
    if (marker === 0xda || size < 2 || at + 2 + size > bytes.length) return undefined
    if (marker === 0xe1 && String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === 'Exif')
      return bytes.slice(at, at + 2 + size)
    at += 2 + size
  }
  return undefined
}

/** The drawn picture stands upright already: the note must not turn it once more. */
export function upright(note: Uint8Array): void {
  const view = new DataView(note.buffer, note.byteOffset + 10, note.byteLength - 10)
  const little = view.getUint16(0) === 0x4949
  const first = view.getUint32(4, little)
  for (let at = first + 2, left = view.getUint16(first, little); left > 0; left--, at += 12) {
    if (view.getUint16(at, little) === 0x0112) return view.setUint16(at + 8, 1, little)
  }
}
