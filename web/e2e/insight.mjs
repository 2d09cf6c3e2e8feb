// Figures of the shop: the six questions, what is open now, each as a picture,
// a table and a file, in each language, light and dark; a row leads to its cases.
import { check, desk, narrow, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { openCase } from './staff.mjs'

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: true },
]
const questions = ['cases', 'reasons', 'money', 'refund_time', 'answers', 'products']

export async function walk(browser, run) {
  const wrong = []
  await openCase(run, run.buyers.pages)
  await run.step('a new case is counted', () => counted(browser, run))
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    await run.step(`figures ${name}`, () => figures(browser, run, look, name, wrong))
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** Cases are gathered for a moment before they are counted. */
async function counted(browser, run) {
  const { page, context } = await signIn(browser, run, 'administrator')
  const end = Date.now() + 60_000
  for (let none = true; none; ) {
    const answer = page.waitForResponse((one) => one.url().includes('/v1/insight?'))
    await page.goto('/console/insight')
    none = (await (await answer).json()).cases.total === 0
    check(!none || Date.now() < end, 'the case is counted within a minute')
  }
  await context.close()
}

async function figures(browser, run, look, name, wrong) {
  const { page, context } = run.with(await signIn(browser, run, 'administrator', look))
  const t = await texts(look.language)
  await page.goto('/console/insight')
  await page.getByRole('heading', { name: t('nav.insight'), level: 1 }).waitFor()
  for (const one of questions) await page.getByRole('heading', { name: t(`insight.q.${one}`) }).waitFor()
  await inspect(page, `figures ${name}`, wrong)
  await sideways(page, narrow, desk, `figures ${name}`, wrong)
  await run.shot(page, `insight-${name}`, false)
  const first = page.getByRole('region', { name: t('insight.q.cases') }).first()
  await first.getByRole('button', { name: t('insight.as_table'), exact: true }).click()
  await first.getByRole('table').waitFor()
  const file = page.waitForEvent('download')
  await first.getByRole('link', { name: /CSV/ }).click()
  check((await file).suggestedFilename().endsWith('.csv'), 'the table is a file')
  await inspect(page, `figures as tables ${name}`, wrong)
  await page.getByRole('button', { name: t('insight.span.30d'), exact: true }).click()
  await page.waitForURL(/span=30d/)
  await page.getByRole('button', { name: t('insight.now'), exact: true }).click()
  await page.getByRole('heading', { name: t('insight.q.states') }).waitFor()
  await inspect(page, `open now ${name}`, wrong)
  await run.shot(page, `insight-now-${name}`, false)
  const row = page.getByRole('link', { name: t('insight.due.overdue'), exact: true })
  if (await row.count()) {
    await row.first().click()
    await page.waitForURL(/\/cases\?.*overdue=true/)
  }
  if (look.language === 'en') {
    await page.route('**/v1/insight?*', (route) => route.abort())
    await page.goto('/console/insight')
    await page.getByRole('button', { name: t('act.retry') }).waitFor()
    await run.shot(page, 'insight-error', false)
  }
  await context.close()
}
