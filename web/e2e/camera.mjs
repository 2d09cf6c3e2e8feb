// A film with a bar code in it, for a browser whose camera is a file.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer'
import { program, quiet } from './browser.mjs'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm')
const [width, height] = [640, 480]

/** Writes a film that shows the code in black on white, as Code 128 unless told otherwise. */
export async function film(path, text, format = 'Code128') {
  await prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer }, fireImmediately: true })
  const { symbol, error } = await writeBarcode(text, { format, addQuietZones: true })
  if (error || !symbol) throw new Error(`no bar code of ${text}: ${error}`)
  const light = Buffer.alloc(width * height, 235)
  const scale = Math.floor((width * 0.9) / symbol.width)
  const tall = symbol.height < 10 ? Math.floor((height * 0.4) / symbol.height) : scale
  const left = Math.floor((width - symbol.width * scale) / 2)
  const top = Math.floor((height - symbol.height * tall) / 2)
  for (let y = 0; y < symbol.height * tall; y++)
    for (let x = 0; x < symbol.width * scale; x++) {
      const dark = symbol.data[Math.floor(y / tall) * symbol.width + Math.floor(x / scale)] < 128
      if (dark) light[(top + y) * width + left + x] = 16
    }
  const colour = Buffer.alloc((width * height) / 2, 128)
  const picture = Buffer.concat([Buffer.from('FRAME\n'), light, colour])
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)
  writeFileSync(path, Buffer.concat([head, ...Array.from({ length: 10 }, () => picture)]))
  return path
}

/** A browser that sees the film through its camera and may use it. */
export function launchWithCamera(path) {
  return chromium.launch({
    executablePath: program,
    args: [
      ...quiet,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${path}`,
    ],
  })
}
