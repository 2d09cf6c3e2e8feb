// Where things stand on the pages that people work with all day: compared with
// what is stored, at a desk and on a phone.
import { check, desk, phone } from './browser.mjs'
import { signIn } from './console.mjs'
import { golden } from './golden.mjs'
import { inspect } from './inspect.mjs'
import { openCase } from './staff.mjs'
import { settled } from './wait.mjs'

const sizes = { desk, phone }

export async function walk(browser, run) {
  const wrong = []
  const id = await openCase(run, run.buyers.pages)
  const me = run.with(await signIn(browser, run, 'administrator'))
  const { page, t } = me
  await page.goto(`/console/cases/${id}`)
  const wallet = await page.locator('a[href*="/wallet"]').first().getAttribute('href')
  const pages = {
    messages: [`/cases/${id}`, (on) => on.locator('[data-talk] p').first()],
    replies: ['/replies', (on) => on.getByText(t('reply.none'), { exact: true })],
    calendars: ['/calendars'],
    widget: ['/widget'],
    insight: ['/insight'],
    payments: ['/payment-accounts'],
    carriers: ['/carriers'],
    pickups: ['/pickups'],
    stopped: ['/stopped'],
    wallet: [wallet.replace(/^.*\/console/, ''), (on) => on.getByText(t('wallet.none'), { exact: true }).first()],
    audit: ['/audit?type=case.submitted'],
  }
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport)
    for (const [name, [path, ready]] of Object.entries(pages))
      await run.step(`${name}, ${size}`, async () => {
        await page.goto(`/console${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        if (ready) await ready(page).waitFor()
        await still(page)
        if (name === 'messages') await page.locator('[data-talk]').scrollIntoViewIfNeeded()
        check((await page.getByRole('heading', { level: 1 }).count()) === 1, `${name} has one first heading`)
        await inspect(page, `${name} ${size}`, wrong)
        await run.shot(page, `layout-${name}-${size}`, false)
        await golden(page, `console-${name}-${size}`, wrong, { mask: true })
      })
    await run.step(`search results, ${size}`, () => results(me, run, size, wrong))
  }
  if (wrong.length) throw new Error(`${wrong.length} findings:\n${[...new Set(wrong)].join('\n')}`)
}

/** Nothing is on its way any more, and nothing has changed for two frames. */
async function still(page) {
  await settled(page)
  let before = ''
  for (let same = 0; same < 2; ) {
    const now = await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.querySelector('main')?.innerHTML ?? '')))),
    )
    same = now === before ? same + 1 : 0
    before = now
  }
}

async function results({ page, t }, run, size, wrong) {
  await page.goto('/console/stopped')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await still(page)
  await page.keyboard.press('Control+KeyK')
  const field = page.getByRole('combobox', { name: t('palette.placeholder') })
  const answered = page.waitForResponse((one) => one.url().includes('/v1/search?'))
  await field.fill(run.buyers.pages.number)
  await answered
  await page.waitForFunction(() => !document.querySelector('[data-searching]'))
  await page.getByRole('option').filter({ hasText: run.buyers.pages.number }).first().waitFor()
  await still(page)
  await inspect(page, `search results ${size}`, wrong)
  await run.shot(page, `layout-search-${size}`, false)
  await golden(page, `console-search-${size}`, wrong, { mask: true })
  await page.keyboard.press('Escape')
}
