// What every page has to stand: axe finds nothing serious, and nothing scrolls
// sideways on a narrow phone. Findings are collected, not thrown.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Adds the serious and critical findings of axe on the page as it is now, dialogs included. */
export async function inspect(page, where, wrong) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  // A colour that is still changing is not the page's.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))
  const { rules, found } = await page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document)
    const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    return {
      rules: passes.length,
      found: serious.map(
        (one) => `${one.id} (${one.impact}): ${one.nodes[0].target.join(' ')} ${one.nodes[0].failureSummary}`,
      ),
    }
  })
  if (rules < 8) wrong.push(`${where}: axe looked at ${rules} rules only: an empty page?`)
  for (const one of found) wrong.push(`${where}: ${one.replace(/\s+/g, ' ')}`)
}

/** Adds the page to the findings when it is wider than a small window. */
export async function sideways(page, small, usual, where, wrong) {
  await page.setViewportSize(small)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  if (wide > room) wrong.push(`${where}: ${wide} px wide at ${room} px`)
  await page.setViewportSize(usual)
}
