// Refuses what the other linters do not see in templates: classes that break
// right-to-left languages, style attributes that a strict CSP blocks, v-html,
// and components of more than 200 lines.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

const root = new URL('../', import.meta.url).pathname
const rules = [
  [
    /(?<![\w-])-?(?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-l|rounded-r|text-left|text-right)-(?:\d|\[|auto|px|full)/,
    'use ms- me- ps- pe- start- end-',
  ],
  [/(?<![\w-])text-(?:left|right)(?![\w-])/, 'use text-start or text-end'],
  [/<[^>]*\sstyle="/, 'style attributes break the CSP; bind :style'],
  [/v-html/, 'v-html'],
]

let failed = 0
const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true })
for (const entry of entries) {
  if (!entry.isFile() || !entry.name.endsWith('.vue')) continue
  const file = join(entry.parentPath ?? entry.path, entry.name)
  const lines = (await readFile(file, 'utf8')).split('\n')
  const complain = (line, what) => {
    failed++
    console.error(`${relative(root, file)}:${line}: ${what}`)
  }
  if (lines.length > 201) complain(lines.length, 'more than 200 lines: split it')
  lines.forEach((line, index) => {
    for (const [pattern, what] of rules) if (pattern.test(line)) complain(index + 1, what)
  })
}
if (failed) process.exit(1)
