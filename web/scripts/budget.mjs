// Fails the build when a face sends more bytes on its first load than it may (gzip).
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const dist = new URL('../dist/', import.meta.url).pathname
const KB = 1024
const faces = {
  'portal.html': { js: 70 * KB, css: 10 * KB, html: 12 * KB, route: 20 * KB },
  'console.html': { js: 150 * KB, css: 20 * KB, html: 12 * KB, route: 240 * KB },
}
const languageLimit = 12 * KB
const firstLanguage = 'zh-CN'

const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8'))
const size = async (file) => (await readFile(join(dist, `${file}.gz`))).length

// Everything an entry needs before it can show its first route.
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}

const isLanguage = (key) => /src\/i18n\/.*\.json$/.test(key)
let failed = false
function report(name, bytes, limit) {
  const over = bytes > limit
  failed ||= over
  console.log(
    `${over ? 'OVER' : ' ok '}  ${name.padEnd(44)} ${(bytes / KB).toFixed(1).padStart(7)} / ${(limit / KB).toFixed(0)} KB`,
  )
}

async function weigh(keys, kinds = ['js', 'css']) {
  const files = new Set()
  for (const key of keys) {
    if (kinds.includes('js')) files.add(manifest[key].file)
    if (kinds.includes('css')) for (const css of manifest[key].css ?? []) files.add(css)
  }
  let total = 0
  for (const file of files) total += await size(file)
  return total
}

// A face must never be drawn with the other one's style, whatever page is opened.
const styles = (keys) => new Set(keys.flatMap((key) => manifest[key].css ?? []))
const [customers, staff] = Object.keys(faces)
for (const [face, other] of [[customers, staff], [staff, customers]]) {
  const own = styles([...closure(face)])
  const foreign = new Set([...styles([...closure(other)])].filter((css) => !own.has(css)))
  const reached = new Set(closure(face))
  for (const key of reached) for (const next of manifest[key].dynamicImports ?? []) closure(next, reached)
  for (const key of reached)
    if ((manifest[key].css ?? []).some((css) => foreign.has(css))) {
      failed = true
      console.log(`OVER  ${face} loads the style of ${other} with ${key}`)
    }
}

const languages = new Set(Object.keys(manifest).filter(isLanguage))
for (const [entry, limit] of Object.entries(faces)) {
  const first = closure(entry)
  const lazy = [...new Set([...first].flatMap((key) => manifest[key].dynamicImports ?? []))]

  const routes = []
  for (const key of lazy.filter((one) => !isLanguage(one))) {
    const more = [...closure(key)].filter((part) => !first.has(part))
    routes.push({ key, more, bytes: await weigh(more) })
  }
  routes.sort((a, b) => b.bytes - a.bytes)

  // The first page a visitor opens may be the heaviest one.
  const texts = lazy.filter((key) => isLanguage(key) && key.includes(firstLanguage))
  const all = [...first, ...texts, ...(routes[0]?.more ?? [])]
  report(`${entry} first load: js`, await weigh(all, ['js']), limit.js)
  report(`${entry} first load: css`, await weigh(all, ['css']), limit.css)
  report(`${entry} html`, await size(entry), limit.html)
  for (const route of routes) report(`  then ${route.key.replace(/^src\//, '')}`, route.bytes, limit.route)
}
for (const key of languages) report(key.replace(/^src\//, ''), await weigh([key]), languageLimit)
if (failed) process.exit(1)
