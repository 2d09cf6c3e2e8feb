// Writes .br and .gz beside every file of dist that becomes smaller, so that the server never compresses at run time.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
const text = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.wasm', '.webmanifest'])
const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)

const entries = await readdir(dist, { recursive: true, withFileTypes: true })
const files = entries
  .filter((entry) => entry.isFile() && text.has(extname(entry.name)))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))

let before = 0
let after = 0
for (const file of files) {
  const body = await readFile(file)
  const br = await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  await writeFile(`${file}.br`, br)
  await writeFile(`${file}.gz`, await deflate(body, { level: 9 }))
  before += body.length
  after += br.length
}
console.log(
  `compressed ${files.length} files: ${(before / 1024).toFixed(0)} KB to ${(after / 1024).toFixed(0)} KB (br)`,
)
