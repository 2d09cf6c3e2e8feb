// Builds the page that checks evidence into one file, so that it also works from a disk: dist/verify.html.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const dist = process.argv[2] ?? at('dist')
const made = await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: { write: false, target: 'es2022', lib: { entry: at('src/seal/page.ts'), formats: ['iife'], name: 'verify' } },
})
const code = [made].flat()[0].output[0].code.trim().replaceAll('</script', '<\\/script')
const page = await readFile(at('verify.html'), 'utf8')
await writeFile(`${dist}/verify.html`, page.replace('<!-- script -->', () => `<script>${code}</script>`))
console.log(`verify.html: ${(code.length / 1024).toFixed(1)} KB of script`)
