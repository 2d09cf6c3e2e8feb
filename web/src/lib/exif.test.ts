import { expect, it } from 'vitest'
import { find, upright, withNote } from './exif'

// A TIFF header, one directory with the orientation, and a word as its note.
const tiff = (little: boolean) =>
  little
    ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    : [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
const segment = (little: boolean) => {
  const body = [...'Exif\0\0'].map((one) => one.charCodeAt(0)).concat(tiff(little))
  return [0xff, 0xe1, 0, body.length + 2, ...body]
}
const jpeg = (little: boolean) =>
  new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, ...segment(little), 0xff, 0xda, 0, 2])

it.each([true, false])(
  'puts the note of the camera back, and stands it upright (little endian: %s)',
  async (little) => {
    const drawn = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xdb, 0, 2])], { type: 'image/jpeg' })
    const made = new Uint8Array(await (await withNote(new Blob([jpeg(little)]), drawn)).arrayBuffer())
    expect(Array.from(made.slice(0, 4))).toEqual([0xff, 0xd8, 0xff, 0xe1])
    const note = find(made)!
    expect(note[little ? 28 : 29]).toBe(1)
    expect(Array.from(made.slice(-4))).toEqual([0xff, 0xdb, 0, 2])
  },
)

it('leaves pictures without a note, and notes that are broken, as they are', async () => {
  const drawn = new Blob([new Uint8Array([0xff, 0xd8, 1])])
  expect(await withNote(new Blob(['hello']), drawn)).toBe(drawn)
  expect(await withNote(new Blob([jpeg(true).slice(0, 30)]), drawn)).toBe(drawn)
  expect(find(new Uint8Array([0xff, 0xd8]))).toBeUndefined()
  expect(() => upright(new Uint8Array(12))).toThrow(Error)
})
