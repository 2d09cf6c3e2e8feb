// Builds the script that a shop's site includes: dist/widget.js, one file of 6 KB at most (gzip).
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const most = 6 * 1024
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const dist = process.argv[2] ?? at('dist')
const made = await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: { write: false, target: 'es2019', lib: { entry: at('src/widget/entry.ts'), formats: ['iife'], name: 'a' } },
})
const code = [made].flat()[0].output[0].code.trim()
// The server puts the colours of the shop in place of the empty look.
const script = `(AFTERCARE_LOOK=>{${code}})(/*look*/{})\n`
const size = gzipSync(script, { level: 9 }).length
await writeFile(`${dist}/widget.js`, script)
console.log(`widget.js: ${(size / 1024).toFixed(1)} / ${most / 1024} KB (gzip)`)
if (size > most) process.exit(1)
