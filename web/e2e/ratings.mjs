// A customer is not satisfied: staff see it on the case, in the list and in a
// file, and note that they looked. Then a key to sign customers in with is made,
// copied and removed.
import { readFileSync } from 'node:fs'
import { check, desk, narrow, person, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'

const looks = [
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
  { language: 'en', dark: false },
]
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

export async function walk(browser, run) {
  const wrong = []
  await run.step('a customer gives a low score', () => rates(browser, run))
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    const me = run.with(await signIn(browser, run, 'administrator', look))
    const now = { run, wrong, name, page: me.page, t: await texts(look.language) }
    await run.step(`ratings ${name}`, () => list(now))
    await run.step(`keys ${name}`, () => keys(now))
    if (look.language === 'en') await run.step('somebody looks', () => looked(now))
    await me.context.close()
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function rates(browser, run) {
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run))
  await lookUp(me, run, t, run.buyers.whole)
  const { page } = me
  await page.goto(`/cases/${run.case}`)
  await page.getByRole('radio', { name: `1: ${t('rate.1')}` }).check({ force: true })
  await page.getByLabel(t('rate.comment')).fill('等了很久才收到钱')
  await press(page, t('rate.send'))
  await page.getByText(t('rate.thanks')).first().waitFor()
  await me.context.close()
}

async function list({ run, page, t, name, wrong }) {
  await page.goto('/console/ratings')
  await page.getByRole('heading', { name: t('nav.ratings'), level: 1 }).waitFor()
  await page.getByText('等了很久才收到钱').waitFor()
  await page.getByText(t('rating.csat'), { exact: true }).waitFor()
  await inspect(page, `ratings ${name}`, wrong)
  await sideways(page, narrow, desk, `ratings ${name}`, wrong)
  await run.shot(page, `ratings-${name}`, false)
  await page.getByRole('table').getByRole('link').first().click()
  await page.waitForURL(new RegExp(`/cases/${run.case}`))
  await page.getByRole('region', { name: t('rating.flag') }).waitFor()
  await inspect(page, `a low score on its case ${name}`, wrong)
  await run.shot(page, `ratings-case-${name}`, false)
}

async function looked({ page, t }) {
  await page.goto('/console/ratings')
  await page.getByLabel(t('rating.low_only')).check()
  await page.waitForURL(/low=true/)
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
  check(readFileSync(await file.path(), 'utf8').includes('等了很久才收到钱'), 'the file has what the list has')
  await page.getByRole('button', { name: /^Mark as looked at:/ }).click()
  await page.getByText(t('rating.none_here')).waitFor()
  await page.getByLabel(t('rating.low_only')).uncheck()
  await page.getByText(new RegExp(`^${t('rating.looked')}`)).first().waitFor()
}

async function keys({ run, page, t, name, wrong }) {
  await page.goto('/console/settings')
  const panel = page.getByRole('region', { name: t('shopkey.title') })
  await panel.getByText(t('shopkey.none')).waitFor()
  await press(panel, t('shopkey.add'))
  const dialog = page.getByRole('dialog')
  await press(dialog, t('keys_page.make'))
  await dialog.getByText(t('staff.need')).waitFor()
  await dialog.getByLabel(t('keys_page.name')).fill(`商城 ${name}`)
  await press(dialog, t('keys_page.make'))
  const secret = await dialog.getByLabel(t('webhook.secret')).inputValue()
  check(secret.length >= 32, `no secret: ${secret.length} characters`)
  await inspect(page, `a key once ${name}`, wrong)
  await run.shot(page, `shop-key-once-${name}`, false)
  await press(dialog, t('webhook.stored'))
  await panel.getByText(`商城 ${name}`, { exact: true }).waitFor()
  check(!(await page.content()).includes(secret), 'the secret is shown once')
  await panel.scrollIntoViewIfNeeded()
  await inspect(page, `keys ${name}`, wrong)
  await sideways(page, narrow, desk, `keys ${name}`, wrong)
  await run.shot(page, `shop-keys-${name}`)
  await press(panel, t('shopkey.remove_one', { name: `商城 ${name}` }))
  await press(dialog, t('shopkey.remove'))
  await panel.getByText(t('shopkey.none')).waitFor()
}
