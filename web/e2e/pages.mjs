// Every page in each language, light and dark: no serious axe finding, and no
// scrolling sideways on the narrowest phone.
import { call, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { openCase } from './staff.mjs'
import { settled } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: false, who: 'pages' },
  { language: 'zh-CN', dark: true, who: 'pages' },
  { language: 'zh-TW', dark: false, who: 'taiwan' },
  { language: 'zh-TW', dark: true, who: 'taiwan' },
  { language: 'en', dark: false, who: 'english' },
  { language: 'en', dark: true, who: 'english' },
]

/** The looks of which pictures are kept. */
const shown = new Set(['zh-CN-dark', 'zh-TW-light', 'en-light'])

export async function walk(browser, run) {
  const wrong = []
  const ids = {}
  for (const who of ['pages', 'taiwan', 'english']) ids[who] = await openCase(run, run.buyers[who])
  const known = {}
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    await run.step(`portal ${name}`, () => portal(browser, run, look, name, ids[look.who], known, wrong))
  }
  const cookies = []
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    await run.step(`console ${name}`, () => staffPages(browser, run, look, name, ids.pages, cookies, wrong))
  }
  if (wrong.length) throw new Error(`${wrong.length} findings:\n${[...new Set(wrong)].join('\n')}`)
}

async function portal(browser, run, look, name, id, known, wrong) {
  const t = await texts(look.language)
  const me = run.with(await person(browser, run, look))
  const { page, context } = me
  if (known[look.who]) await context.addCookies(known[look.who])
  else await lookUp(me, run, t, run.buyers[look.who])
  known[look.who] = await context.cookies()
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${run.buyers[look.who].number}`)
  const order = items[0].id
  for (const [what, path, ready] of [
    ['orders', '/orders', t('orders.list')],
    ['order', `/orders/${order}`, t('order.items')],
    ['return', `/return/${order}`, t('apply.items')],
    ['case', `/cases/${id}`, t('case.items')],
    ['missing', '/nowhere', t('app.notfound')],
  ]) {
    await page.goto(path)
    await page.getByText(ready, { exact: true }).first().waitFor()
    await inspect(page, `portal ${what} ${name}`, wrong)
    await sideways(page, narrow, phone, `portal ${what} ${name}`, wrong)
    if (shown.has(name)) await run.shot(page, `pages-portal-${what}-${name}`)
  }
  await context.clearCookies()
  await page.goto('/?why=expired')
  await page.getByLabel(t('lookup.order'), { exact: true }).waitFor()
  await inspect(page, `portal lookup ${name}`, wrong)
  await sideways(page, narrow, phone, `portal lookup ${name}`, wrong)
  await context.close()
}

async function staffPages(browser, run, look, name, id, cookies, wrong) {
  let me
  if (cookies.length) {
    me = await person(browser, run, { ...look, viewport: desk })
    await me.context.addCookies(cookies)
  } else {
    me = await signIn(browser, run, 'administrator', look)
    cookies.push(...(await me.context.cookies()))
  }
  run.with(me)
  const { page, context } = me
  const { items } = await call(run, run.key, 'GET', '/v1/orders?limit=1')
  const pages = ['cases', `cases/${id}`, 'warehouse', `warehouse/${id}`, 'orders', `orders/${items[0].id}`]
  pages.push(`orders/${items[0].id}/return`, 'payouts', 'policies', 'policies/standard', 'jobs', 'staff')
  pages.push('chargebacks', 'charges', 'clearing', 'stock', 'products', 'audit')
  pages.push('settings', 'nowhere')
  for (const path of pages) {
    const what = path.replace(/(case|ord)_\w+/, 'one').replaceAll('/', '-')
    await page.goto(`/console/${path}`)
    await page.getByRole('heading').first().waitFor()
    await page.waitForLoadState('load')
    await settled(page)
    await inspect(page, `console ${what} ${name}`, wrong)
    await sideways(page, narrow, desk, `console ${what} ${name}`, wrong)
    if (shown.has(name)) await run.shot(page, `pages-console-${what}-${name}`, false)
  }
  await context.close()
}
