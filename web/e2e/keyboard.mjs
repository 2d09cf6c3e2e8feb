// A return from the order to its case without a mouse.
import { check, desk, person, texts } from './browser.mjs'
import { lookUp } from './portal.mjs'

export async function walk(browser, run) {
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run, { viewport: desk, touch: false }))
  const { page } = me
  await run.step('sign in', () => lookUp(me, run, t, run.buyers.keyboard))

  /** Presses Tab until a control with this name has the focus, which must be visible. */
  async function to(name, role) {
    const wanted = page.getByRole(role, { name, exact: true }).first()
    await wanted.waitFor({ state: 'attached' })
    for (let presses = 0; presses < 80; presses++) {
      if (await wanted.evaluate((node) => node === document.activeElement)) return visible(name)
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${role} ${name}`)
  }
  async function visible(name) {
    const seen = await page.evaluate(() => {
      const node = document.activeElement
      const shown = node.matches('.sr-only') ? (node.nextElementSibling ?? node) : node
      const style = getComputedStyle(shown)
      const box = shown.getBoundingClientRect()
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 20) / 2)
      const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'
      return {
        ring,
        covered: !!hit && !shown.contains(hit) && !hit.contains(shown) && !hit.closest('label')?.contains(shown),
      }
    })
    check(seen.ring, `${name} has the focus, and nothing shows it`)
    check(!seen.covered, `${name} has the focus behind something else`)
  }

  await run.step('start', async () => {
    await to(t('order.start'), 'link')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/return\//)
  })
  await run.step('choose the goods', async () => {
    await to('云麦 长绒棉 T 恤 Cotton T-shirt', 'checkbox')
    await page.keyboard.press('Space')
    await to(t('act.less'), 'button')
    await page.keyboard.press('Enter')
    const reasons = page.getByRole('radiogroup', { name: t('apply.reason'), exact: true }).first()
    await to(await reasons.locator('label').first().innerText(), 'radio')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
  })
  await run.step('read the amount and send', async () => {
    await page.locator('#refund [data-total]').waitFor()
    await to(t('apply.submit'), 'button')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: t('confirm.title') }).waitFor()
    await to(t('confirm.action'), 'button')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/cases\//)
  })
  const title = page.getByRole('heading', { level: 1 })
  await title.waitFor()
  await run.step('the title of the case has the focus', () =>
    page.waitForFunction(() => document.activeElement?.matches('h1, h1 *, main')),
  )
  await run.shot(page, 'keyboard-case', false)
}
