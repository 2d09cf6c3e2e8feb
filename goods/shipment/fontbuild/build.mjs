// Makes the fonts of the return label from Noto Sans SC and Noto Sans, with the
// characters that addresses are written in. Run by `make font`.
//
//   ../font/han.ttf.gz    the ideographs in daily use: GB 2312, Big5 level 1
//   ../font/rare.ttf.gz   the others of GBK and Big5: most rare names
//   ../font/latin.ttf.gz  what Noto Sans SC lacks: most of Latin Extended
//
// A label embeds only what it uses, and is made faster from small fonts.
//
//   node goods/shipment/fontbuild/build.mjs [--force]
//
// The packages are installed once into a cache folder (FONT_CACHE, or
// aftercare/label-font in the user's cache), never beside the source: what lies
// in ../font is embedded into the binary.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const folder = join(here, '..', 'font')
const chinese = 'noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'
const european = 'noto-sans/400Regular/NotoSans_400Regular.ttf'
const fonts = [
  { target: 'han.ttf.gz', source: chinese, text: () => signs() + daily() },
  { target: 'rare.ttf.gz', source: chinese, text: () => rare() },
  { target: 'latin.ttf.gz', source: european, text: () => signs() },
]
const cache = process.env.FONT_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'aftercare', 'label-font')

const sources = ['package.json', 'package-lock.json', 'build.mjs'].map((name) => readFileSync(join(here, name)))
const state = createHash('sha256').update(Buffer.concat(sources)).digest('hex')
const stamp = join(here, '.made-from')

if (fonts.every((f) => existsSync(join(folder, f.target))) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state && !process.argv.includes('--force')) {
  console.log('label fonts are up to date')
  process.exit(0)
}

mkdirSync(cache, { recursive: true })
for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(cache, name))
execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: cache, stdio: 'inherit' })

const load = createRequire(join(cache, 'package.json'))
const subset = load('subset-font')
for (const { target, source, text } of fonts) {
  const full = readFileSync(join(cache, 'node_modules/@expo-google-fonts', source))
  const font = await subset(full, text(), { targetFormat: 'truetype', noLayoutClosure: true, noHinting: true })
  const packed = gzipSync(font, { level: 9 })
  writeFileSync(join(folder, target + '.new'), packed)
  renameSync(join(folder, target + '.new'), join(folder, target))
  console.log(`${target}: ${font.length} bytes, ${packed.length} packed`)
}
writeFileSync(stamp, state)

// signs are the Latin of Europe and Vietnam, Greek, Cyrillic, kana, and what
// else people put into addresses.
function signs() {
  return blocks([
    [0x0020, 0x007e], [0x00a0, 0x024f], [0x0300, 0x036f], [0x0370, 0x03ff], [0x0400, 0x04ff], [0x1e00, 0x1eff],
    [0x2000, 0x206f], [0x20a0, 0x20bf], [0x2100, 0x214f], [0x2150, 0x218f], [0x2190, 0x21ff], [0x2200, 0x22ff],
    [0x2460, 0x24ff], [0x2500, 0x257f], [0x25a0, 0x25ff], [0x2600, 0x266f], [0x3000, 0x30ff], [0x3105, 0x312f],
    [0x3220, 0x33ff], [0xfe30, 0xfe4f], [0xff00, 0xffef],
  ])
}

// daily are the ideographs of GB 2312 (6,763) and of Big5 level 1 (5,401).
function daily() {
  return decoded('gb18030', [0xb0, 0xf7], [0xa1, 0xfe]) + decoded('big5', [0xa4, 0xc6], [0x40, 0xfe])
}

// rare are all other ideographs of the first Unicode block and those kept for
// compatibility.
function rare() {
  const known = new Set(daily())
  return [...blocks([[0x4e00, 0x9fff], [0xf900, 0xfaff]])].filter((c) => !known.has(c)).join('')
}

function blocks(ranges) {
  let all = ''
  for (const [first, last] of ranges) for (let c = first; c <= last; c++) all += String.fromCodePoint(c)
  return all
}

// decoded lists the ideographs that an encoding of two bytes has.
function decoded(encoding, [first, last], [low, high]) {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let all = ''
  for (let a = first; a <= last; a++) {
    for (let b = low; b <= high; b++) {
      try {
        const c = decoder.decode(new Uint8Array([a, b]))
        if (/^\p{Script=Han}$/u.test(c)) all += c
      } catch {
        // not assigned
      }
    }
  }
  return all
}
