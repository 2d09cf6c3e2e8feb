// A supervisor finds a customer, gives a tier with the reason and takes it away
// again; then the pages in each language, light and dark.
import { check, desk, narrow, person, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'

const looks = [
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
  { language: 'en', dark: false },
]

export async function walk(browser, run) {
  const wrong = []
  const me = run.with(await run.step('a supervisor signs in', () => signIn(browser, run, 'supervisor')))
  const { page, t } = me
  await run.step('the customers are listed', async () => {
    await page.goto('/console/customers')
    await page.getByRole('table').or(page.getByRole('list')).first().waitFor()
    await page.locator('a[href*="/console/customers/cus_"]').first().click()
    await page.getByText(t('customers.never')).waitFor()
  })
  await run.step('a reason is asked for', async () => {
    await page.getByRole('button', { name: t('customers.change') }).click()
    await page.getByRole('textbox', { name: t('customers.tier'), exact: true }).fill('gold')
    await page.getByRole('button', { name: t('act.save') }).click()
    await page.getByText(t('staff.need')).waitFor()
    await inspect(page, 'the dialog of a tier', wrong)
    await run.shot(page, 'customers-dialog', false)
  })
  await run.step('the tier is given', async () => {
    await page.getByRole('textbox', { name: t('customers.reason'), exact: true }).fill('Bought for ten years')
    await page.getByRole('button', { name: t('act.save') }).click()
    await page.getByText('Bought for ten years').waitFor()
    await page.getByText('gold', { exact: true }).first().waitFor()
  })
  const path = new URL(page.url()).pathname
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    await run.step(`pages ${name}`, () => pages(browser, { run, wrong, known: me.context }, path, look, name))
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function pages(browser, { run, wrong, known }, path, look, name) {
  const me = run.with(await person(browser, run, { ...look, viewport: desk }))
  const { page, context } = me
  const t = await texts(look.language)
  await context.addCookies(await known.cookies())
  for (const [what, at, title] of [
    ['list', '/console/customers', t('nav.customers')],
    ['one', path, ''],
  ]) {
    await page.goto(at)
    await page.getByRole('heading', { level: 1, ...(title ? { name: title } : {}) }).waitFor()
    await page.getByText('gold', { exact: true }).first().waitFor()
    await inspect(page, `${what} ${name}`, wrong)
    await sideways(page, narrow, desk, `${what} ${name}`, wrong)
    await run.shot(page, `customers-${what}-${name}`, false)
  }
  await context.close()
}
