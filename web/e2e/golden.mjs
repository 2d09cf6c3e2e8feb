// What a page looks like as a list of what is where: pictures differ from
// machine to machine with the fonts, boxes hardly do. A page is as it was when
// the same things are shown, each within a tolerance of where it stood.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** How far a side of a box may move: other fonts make words longer and lines higher. */
const tolerance = { px: 24, part: 0.12 }

function layout(mask) {
  // What differs from run to run: numbers and ids of cases, days, amounts.
  const plain = (text) => (mask ? text.replace(/\b[A-Z]-[A-Z0-9]{4}-[A-Z0-9]{4}|\b[a-z]+_[a-z0-9]{20,}/g, '#').replace(/\d+([-:/., ]*\d+)*/g, '#') : text)
  const shown = 'h1, h2, a[href], button, input, select, textarea, [role=alert], [role=status]'
  const all = []
  for (const node of document.querySelectorAll(shown)) {
    const box = node.getBoundingClientRect()
    if (!node.checkVisibility({ visibilityProperty: true }) || box.width < 2 || box.height < 2) continue
    const name = (node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent).trim()
    const kind = node.getAttribute('role') ?? node.tagName.toLowerCase()
    const at = [box.x, box.y, box.width, box.height].map(Math.round)
    all.push({ is: `${kind}: ${plain(name.replace(/\s+/g, ' ')).slice(0, 60)}`, at })
  }
  return all
}

/** How long ago something was depends on the machine: on a slow one it is a minute, not just now. A day of last year tells its year, in January. */
const ago = (is) => is.replace(/刚刚|# ?(秒|分钟)前/g, '~').replace(/#年(?=#月#日)/g, '')
const names = (all) => all.map((one) => ago(one.is))

/** Compares the page with the stored list and adds what differs; AFTERCARE_GOLDEN=update stores it anew; mask: digits are not compared. */
export async function golden(page, name, wrong, { mask = false } = {}) {
  await page.evaluate(() => document.fonts.ready)
  const now = await page.evaluate(layout, mask)
  const path = new URL(`./golden/${name}.json`, import.meta.url).pathname
  if (process.env.AFTERCARE_GOLDEN === 'update') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `[\n${now.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`)
    return
  }
  if (!existsSync(path)) {
    wrong.push(`${name}: nothing is stored; AFTERCARE_GOLDEN=update stores it`)
    return
  }
  const before = JSON.parse(readFileSync(path, 'utf8'))
  for (const is of names(before).filter((one) => !names(now).includes(one))) wrong.push(`${name}: no more ${is}`)
  for (const is of names(now).filter((one) => !names(before).includes(one))) wrong.push(`${name}: new is ${is}`)
  if (names(before).join() !== names(now).join()) return
  for (const [index, { is, at }] of before.entries())
    for (const [side, was] of at.entries()) {
      const far = Math.abs(now[index].at[side] - was)
      if (far > Math.max(tolerance.px, was * tolerance.part))
        wrong.push(`${name}: ${is} has ${'xywh'[side]} ${now[index].at[side]}, was ${was}`)
    }
}
