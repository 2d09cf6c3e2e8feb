// Figures are those of the API, narrowed by country and channel as they are there;
// each bar, row and table leads to the cases behind it, by keys as well.
import { readFileSync } from 'node:fs'
import { call, check, desk, narrow, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { openCase } from './staff.mjs'
import { settled, until } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: true },
]

export async function walk(browser, run) {
  const wrong = []
  for (const who of ['whole', 'pages', 'staff']) await openCase(run, run.buyers[who])
  const theirs = await call(run, run.key, 'GET', `/v1/orders?q=${run.seller.number}`)
  const items = [{ line: 1, quantity: 1, reason: 'not_as_described' }]
  await call(run, run.key, 'POST', '/v1/cases', { order: theirs.items[0].id, items, comment: 'The lid does not close' })
  await run.step('money goes back in one', () => refunded(run))
  await run.step('five cases are counted', () => counted(run, 5))
  for (const look of looks) {
    const me = run.with(await signIn(browser, run, 'administrator', look))
    const now = { run, wrong, page: me.page, t: await texts(look.language), language: look.language }
    await run.step(`figures agree in ${look.language}`, () => agree(now))
    await run.step(`bars lead to cases in ${look.language}`, () => bars(now))
    if (look === looks[0]) await run.step('narrowed', () => narrowed(now))
    await run.step(`every bar has the cases it counts in ${look.language}`, () => exact(now))
    await run.step(`open now in ${look.language}`, () => open(now))
    await me.context.close()
  }
  await run.step('nothing, and an error', () => fails(browser, run, wrong))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** A refund without goods, approved: the test provider pays at once. */
async function refunded(run) {
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${run.buyers.kinds.number}`)
  const items = [{ line: 1, quantity: 1, reason: 'not_as_described' }]
  const made = await call(run, run.key, 'POST', '/v1/cases', { order: orders.items[0].id, items, kind: 'refund_only' })
  await call(run, run.key, 'POST', `/v1/cases/${made.id}/actions`, { action: 'approve' }, { 'If-Match': '*' })
}

const figures = (run, query = '') => call(run, run.figures, 'GET', `/v1/insight?grain=week${query}`)

/** The last week in which something happened: this one, or the one before where a week has begun meanwhile. */
const lately = (series, of = 'count') => series.findLast((one) => one[of] > 0)

/** Cases are gathered for a moment before they are counted. */
async function counted(run, wanted) {
  const end = Date.now() + 60_000
  for (;;) {
    const { cases, refund_time: times } = await figures(run)
    if (cases.total === wanted && times.count === 1) return
    check(Date.now() < end, `${cases.total} cases are counted, not ${wanted}, or no money`)
    await new Promise((done) => setTimeout(done, 200))
  }
}

const region = (page, t, question) => page.getByRole('region', { name: t(`insight.q.${question}`) }).first()
const rows = (page) => page.locator('[data-row]')

async function start({ page, t }, query = '') {
  await page.goto(`/console/insight${query}`)
  await region(page, t, 'cases').waitFor()
  await settled(page)
}

async function agree(now) {
  const { run, page, t, wrong, language } = now
  await start(now)
  const told = await figures(run)
  const shown = await region(page, t, 'cases').locator('p').first().textContent()
  check(shown.trim() === String(told.cases.total), `the page says ${shown} cases, the API ${told.cases.total}`)
  const shares = await region(page, t, 'reasons').getByRole('listitem').allTextContents()
  for (const [at, one] of told.reasons.entries())
    check(shares[at].includes(String(one.count)), `${one.name}: ${shares[at]}, but ${one.count}`)
  const box = region(page, t, 'cases')
  await box.getByRole('button', { name: t('insight.as_table'), exact: true }).click()
  const cells = () => box.getByRole('table').locator('tbody tr').evaluateAll((all) => all.map((row) => Number(row.cells[1].textContent)).filter(Boolean).join())
  await until('the table says', cells, told.cases.series.map((one) => one.count).filter(Boolean).join())
  const file = page.waitForEvent('download')
  await box.getByRole('link', { name: /CSV/ }).click()
  const csv = readFileSync(await (await file).path(), 'utf8')
  const week = told.periods[told.cases.series.indexOf(lately(told.cases.series))]
  check(csv.includes(week), `the file has the week of ${week}: ${csv.slice(0, 200)}`)
  await inspect(page, `figures ${language}`, wrong)
  await sideways(page, narrow, desk, `figures ${language}`, wrong)
}

/** A bar is reached and opened by keys; what it shows is what the list then has. */
async function bars(now) {
  const { run, page, t, wrong, language } = now
  await start(now)
  const told = await figures(run)
  const list = region(page, t, 'cases').getByRole('list', { name: t('insight.bars') })
  const bar = list.getByRole('link').last()
  await bar.focus()
  await run.shot(page, `dashboards-bar-${language}`, false)
  await inspect(page, `bars ${language}`, wrong)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/cases\?.*opened_from=/)
  await rows(page).first().waitFor()
  const last = lately(told.cases.series).count
  await until(`the bar says ${last}, the list has`, () => rows(page).count(), last)
  await page.locator('[data-filter=opened_from]').waitFor()
  await inspect(page, `cases of a week ${language}`, wrong)
  await run.shot(page, `dashboards-cases-${language}`, false)
  await page.goBack()
  await region(page, t, 'reasons').getByRole('listitem').getByRole('link').first().click()
  await page.waitForURL(/reason=not_as_described/)
  await rows(page).first().waitFor()
  await until('a reason leads to its cases', () => rows(page).count(), told.reasons[0].count)
}

/** Waits for the list behind a link and tells how many cases it has. */
async function has(page, count, what) {
  await page.waitForURL(/\/cases\?/)
  await page.waitForFunction((wanted) => document.querySelectorAll('[data-row]').length >= wanted, count)
  await settled(page)
  await until(`${what}: the figure says ${count}, the list has`, () => rows(page).count(), count)
}

/** Bars of money, times and answers, and the cells of tables. */
async function exact(now) {
  const { run, page, t, wrong, language } = now
  const told = await figures(run)
  const bar = (question) => region(page, t, question).getByRole('list', { name: t('insight.bars') }).getByRole('link').last()
  for (const [question, count, by] of [
    ['money', lately(told.money[0].series, 'cases').cases, 'paid_from'],
    ['refund_time', lately(told.refund_time.series).count, 'settled_from'],
    ['answers', lately(told.answers.series).count, 'answered_from'],
  ]) {
    await start(now)
    await bar(question).click()
    await page.waitForURL(new RegExp(`${by}=`))
    await has(page, count, question)
    await page.locator(`[data-filter=${by}]`).waitFor()
    await inspect(page, `${question} of a week ${language}`, wrong)
    if (question === 'money') await run.shot(page, `dashboards-money-${language}`, false)
    if (question === 'money') await sideways(page, narrow, desk, `cases by money ${language}`, wrong)
  }
  await start(now)
  const box = region(page, t, 'cases')
  await box.getByRole('button', { name: t('insight.as_table'), exact: true }).click()
  const state = lately(told.cases.series).states.find((one) => one.count > 0)
  const cell = box.getByRole('link', { name: new RegExp(` · ${t(`case.state.${state.name}`)}: ${state.count}$`) }).last()
  await run.shot(page, `dashboards-table-${language}`, false)
  await inspect(page, `a table of cases ${language}`, wrong)
  await cell.click()
  await has(page, state.count, `${state.name} of a week`)
}

async function narrowed(now) {
  const { run, page, t, wrong, language } = now
  await start(now)
  await page.locator('label').filter({ hasText: t('insight.market') }).locator('select').selectOption('SG')
  await page.waitForURL(/market=SG/)
  await page.waitForFunction(
    (title) => [...document.querySelectorAll('section')].some((one) => one.textContent.includes(title) && /\b1\b/.test(one.querySelector('p')?.textContent ?? '')),
    t('insight.q.cases'),
  )
  const told = await figures(run, '&market=SG')
  check(told.cases.total === 1, `one case is of Singapore, not ${told.cases.total}`)
  await inspect(page, `figures of a country ${language}`, wrong)
  await run.shot(page, `dashboards-country-${language}`, false)
  await region(page, t, 'cases').getByRole('list', { name: t('insight.bars') }).getByRole('link').last().click()
  await page.waitForURL(/country=SG/)
  await rows(page).first().waitFor()
  await until('the list is of that country', () => rows(page).count(), 1)
  await start(now)
  const box = region(page, t, 'products')
  const article = box.getByRole('link', { name: /声悦/ }).first()
  await article.click()
  await page.waitForURL(/sku=SY-X2/)
  await rows(page).first().waitFor()
  await until('four cases are about the article', () => rows(page).count(), 4)
}

async function open(now) {
  const { run, page, t, wrong, language } = now
  await start(now, '')
  await page.getByRole('button', { name: t('insight.now'), exact: true }).click()
  await region(page, t, 'states').waitFor()
  await settled(page)
  const told = await call(run, run.figures, 'GET', '/v1/insight/open')
  await inspect(page, `open now ${language}`, wrong)
  await run.shot(page, `dashboards-open-${language}`, false)
  const lists = [
    ['states', told.states, (name) => t(`case.state.${name}`)],
    ['deadlines', told.deadlines, (name) => t(`insight.due.${name}`)],
    ['ages', told.ages, (name) => t(`insight.age.${name}`)],
  ]
  for (const [question, all, words] of lists)
    for (const one of all.filter(({ count }) => count > 0)) {
      await page.goto('/console/insight?view=now')
      await region(page, t, question).getByRole('link', { name: words(one.name), exact: true }).click()
      await has(page, one.count, `${question} ${one.name}`)
    }
}

async function fails(browser, run, wrong) {
  const { page, context } = run.with(await signIn(browser, run, 'administrator', { language: 'en' }))
  const t = await texts('en')
  await start({ page, t }, '?kind=price_protection')
  await region(page, t, 'cases').getByText(t('insight.nothing')).waitFor()
  await inspect(page, 'no figures', wrong)
  await run.shot(page, 'dashboards-none', false)
  await page.route('**/v1/insight?*', (route) => route.abort())
  await page.goto('/console/insight')
  const again = page.getByRole('button', { name: t('act.retry') })
  await again.waitFor()
  await inspect(page, 'figures that failed', wrong)
  await page.unroute('**/v1/insight?*')
  await again.click()
  await region(page, t, 'cases').waitFor()
  await context.close()
}
