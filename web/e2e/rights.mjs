// What customers and staff are told about rights: before buying, on an order,
// on a case, and the law of each country in the console.
import * as asks from './asked.mjs'
import { call, check, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { settled } from './wait.mjs'

export async function walk(browser, run) {
  await asks.walk(browser, run)
  const wrong = []
  const now = { browser, run, wrong, buyer: run.buyers.rights }
  await run.step('before buying', () => before(now))
  await run.step('on an order', () => ofOrder(now))
  await run.step('the law by country', () => byCountry(now))
  check(wrong.length === 0, wrong.join('\n'))
}

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: false },
]

async function before({ browser, run, wrong }) {
  for (const look of looks) {
    const t = await texts(look.language)
    const { page, context } = run.with(await person(browser, run, look))
    await page.goto('/rights?country=DE')
    await page.getByRole('heading', { name: t('rights.before'), level: 1 }).waitFor()
    await page.getByText(t('rights.why')).first().waitFor()
    await page.getByText(t('rights.why')).first().click()
    await inspect(page, `rights before buying ${look.language}`, wrong)
    await sideways(page, narrow, phone, `rights before buying ${look.language}`, wrong)
    await run.shot(page, `rights-before-${look.language}`)
    if (look.language === 'en') {
      await page.getByLabel(t('rights.country'), { exact: true }).selectOption('US')
      await page.getByLabel(t('rights.state'), { exact: true }).selectOption('US-NY')
      await page.getByRole('button', { name: t('rights.look') }).click()
      await page.waitForURL(/country=US-NY/)
      await page
        .getByText(t('rights.law_of', { place: '' }).trim())
        .first()
        .waitFor()
      await run.shot(page, 'rights-before-ny')
      await context.setOffline(true)
      // What was read before is still there; this was not.
      await page.getByLabel(t('rights.business'), { exact: true }).check()
      await page.getByRole('button', { name: t('rights.look') }).click()
      await page.getByText(t('rights.failed'), { exact: true }).waitFor()
      await run.shot(page, 'rights-before-offline')
      await context.setOffline(false)
      await page.getByRole('button', { name: t('act.retry') }).click()
      await page.getByText(t('rights.why')).first().waitFor()
    }
    await context.close()
  }
}

async function ofOrder({ browser, run, wrong, buyer }) {
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run))
  const { page } = me
  await lookUp(me, run, t, buyer)
  const asked = []
  page.on('request', (request) => request.url().endsWith('/rights') && asked.push(request.url()))
  await page.waitForLoadState('load')
  check(asked.length === 0, 'rights are not read before somebody wants to see them')
  const card = page
    .locator('details')
    .filter({ hasText: t('order.rights.hint') })
    .first()
  await card.locator('summary').first().focus()
  await page.keyboard.press('Enter')
  await card.getByText(t('rights.until')).first().waitFor()
  check(asked.length === 1, 'they are read once')
  await run.shot(page, 'rights-order-folded')
  const lines = card.locator('summary').filter({ hasText: t('rights.until') })
  await lines.first().click()
  await card.getByText(t('rights.why')).first().click()
  await card.getByText(t('rights.law_says'), { exact: true }).first().waitFor()
  await card
    .getByText(t('rights.all', { count: '' }).split(/[（(]/)[0])
    .first()
    .click()
  await card.locator('cite').first().waitFor()
  await asks.looked({ page, run, wrong }, 'rights-order')
  const order = new URL(page.url()).pathname.split('/').pop()
  await page.goto(`/return/${order}`)
  await page
    .locator('summary')
    .filter({ hasText: t('order.rights') })
    .click()
  await page.getByText(t('rights.until')).first().waitFor()
  await inspect(page, 'rights while asking', wrong)
  await run.shot(page, 'rights-asking')
  const made = await call(run, run.key, 'POST', '/v1/cases', {
    order,
    items: [{ line: 1, quantity: 1, reason: 'no_longer_needed' }],
  })
  await page.goto(`/cases/${made.id}`)
  await page
    .locator('summary')
    .filter({ hasText: t('order.rights') })
    .click()
  await page.getByText(t('rights.why')).first().waitFor()
  await inspect(page, 'rights on a case', wrong)
  await run.shot(page, 'rights-case')
  // Without the worker: what it leaves to the network does not pass by the walk once it has the page.
  const cut = run.with(await person(browser, run, { serviceWorkers: 'block' }))
  await cut.context.addCookies(await me.context.cookies())
  await cut.page.route('**/rights', (route) => route.abort())
  await cut.page.goto(`/cases/${made.id}`)
  await cut.page
    .locator('summary')
    .filter({ hasText: t('order.rights') })
    .click()
  await cut.page.getByRole('button', { name: t('act.retry') }).waitFor()
  await run.shot(cut.page, 'rights-case-offline')
  await cut.context.close()
}

async function byCountry({ browser, run, wrong }) {
  for (const look of [...looks, { language: 'en', dark: true }]) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    const me = await signIn(browser, run, 'agent', look)
    run.with(me)
    const { page, t, context } = me
    const seen = async (what) => {
      await settled(page)
      await inspect(page, `console ${what} ${name}`, wrong)
      await sideways(page, narrow, desk, `console ${what} ${name}`, wrong)
      await run.shot(page, `rights-console-${what}-${name}`, false)
    }
    await page.goto('/console/rights')
    const row = page.getByRole('row').filter({ has: page.getByText('FR', { exact: true }) })
    await row.waitFor()
    await seen('list')
    await page.getByLabel(t('rights.search'), { exact: true }).fill('zzz')
    await page.getByText(t('rights.none_found'), { exact: true }).waitFor()
    await page.getByRole('button', { name: t('rights.clear') }).click()
    await row.getByRole('link').click()
    await page.getByText('FR-WD', { exact: true }).waitFor()
    await sourced(page)
    await seen('pack')
    await page.getByLabel(t('rights.search_rules'), { exact: true }).fill('L221-18')
    await page.getByText('FR-WD', { exact: true }).waitFor()
    await page.getByRole('link', { name: t('rights.try') }).click()
    await page.getByLabel(t('rights.try_place'), { exact: true }).waitFor()
    await page.getByRole('button', { name: t('rights.try_go') }).click()
    await page.getByText('FR-WD', { exact: true }).first().waitFor()
    await seen('try')
    await page.getByRole('button', { name: t('rights.for_customer') }).click()
    await page.getByRole('button', { name: t('rights.for_staff') }).click()
    await page.getByText('FR-WD').first().waitFor()
    await page.goto('/console/rights/XX')
    await page.getByText(t('problem.rights.no_pack'), { exact: true }).waitFor()
    if (look.language === 'en') await run.shot(page, 'rights-console-none', false)
    await context.close()
  }
}

/** Every source of a law that has an address is a link to it. */
async function sourced(page) {
  const { sources } = await (await page.request.get('/v1/rights/packs/FR')).json()
  const known = sources.filter((one) => one.url)
  check(known.length > 0, 'the law of France has sources with addresses')
  for (const one of known) {
    const link = page.getByRole('link', { name: one.title, exact: true }).first()
    check((await link.getAttribute('href')) === one.url, `${one.key} is linked`)
  }
}
