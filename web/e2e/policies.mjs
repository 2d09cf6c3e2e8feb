// A policy from the draft to the day it is live: law as the floor, mistakes
// with their place, a test case, the difference, the past, one case. Then every
// page of it in each language, light and dark.
import { call, check, desk, narrow, person, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import * as form from './policy-form.mjs'
import * as life from './policy-life.mjs'
import { openCase } from './staff.mjs'
import { settled, until } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
  { language: 'en', dark: false },
  { language: 'en', dark: true },
]
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

export async function walk(browser, run) {
  const wrong = []
  const id = await openCase(run, run.buyers.policies ?? run.buyers.pages)
  await approvedBefore(run)
  const author = run.with(await run.step('the author signs in', () => signIn(browser, run, 'supervisor')))
  const now = { run, wrong, ...author, id }
  await run.step('a right cannot be taken away', () => floor(now))
  await run.step('a mistake in an expression has its place', () => expression(now))
  await run.step('a mistake in the text has its place', () => mistyped(now))
  await run.step('a test case is added from a case and runs', () => form.fromCase(now))
  await run.step('a test case is written as a form', () => form.written(now))
  await run.step('test cases are copied, moved and taken away', () => form.arranged(now))
  await run.step('what is not saved is there after a reload', () => reloaded(now))
  await run.step('the draft is saved and compared', () => compared(now))
  now.backtest = await run.step('it is tried on the past', () => tried(now))
  await run.step('one case is answered by it', () => whatIf(now))
  await run.step('the case is kept as a test case', () => form.fromWhatIf(now))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** The draft that was written is read by somebody else and goes live. */
export async function walkLife(browser, run) {
  const wrong = []
  const author = run.with(await run.step('the author signs in', () => signIn(browser, run, 'supervisor')))
  const boss = run.with(await run.step('somebody else signs in', () => signIn(browser, run, 'administrator')))
  const now = { run, wrong, ...boss, author, boss }
  await run.step('what takes a right away is refused with its citation', () => life.refused(now))
  await run.step('it is reviewed and goes live', () => published(now))
  await run.step('a new order keeps it', () => life.frozen(now))
  for (const language of ['en', 'de'])
    await run.step(`a customer reads it, ${language}`, () => life.told(browser, now, language))
  await run.step('another policy is retired', () => life.retired(now))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** Every page in each language, light and dark, once there is something on them. */
export async function walkPages(browser, run) {
  const wrong = []
  const now = {
    run,
    wrong,
    ...run.with(await run.step('somebody signs in', () => signIn(browser, run, 'administrator'))),
  }
  const { items } = await (await now.page.request.get('/v1/backtests')).json()
  now.backtest = `/console/backtests/${items[0].id}`
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    await run.step(`pages ${name}`, () => pages(browser, now, look, name))
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** Clothing that was approved at once, which the draft would have looked at. */
async function approvedBefore(run) {
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${run.buyers.pages.number}`)
  const made = await call(run, run.key, 'POST', '/v1/cases', {
    order: orders.items[0].id,
    items: [{ line: 2, quantity: 1, reason: 'no_longer_needed' }],
  })
  check(made.decision?.outcome === 'approve', `it is ${JSON.stringify(made.decision)}`)
}

async function floor({ page, t, run, wrong }) {
  await page.goto('/console/policies/standard')
  await press(page, t('policy.begin'))
  const days = page.locator('[data-path="window_days"] input').first()
  await days.fill('3')
  const found = page.getByRole('region', { name: t('policy.check'), exact: true })
  await found.getByText('CN-WD').waitFor()
  await page.locator('[data-path="window_days"]').getByText('CN-WD').first().waitFor()
  await inspect(page, 'a right taken away', wrong)
  await run.shot(page, 'policies-floor', false)
  await days.fill('15')
  await found.getByText(t('policy.check_fine')).waitFor()
  await press(page, t('policy.undo'))
  await page.waitForFunction(() => document.querySelector('[data-path="window_days"] input').value === '3')
  await press(page, t('policy.redo'))
  await page.waitForFunction(() => document.querySelector('[data-path="window_days"] input').value === '15')
}

async function expression({ page, t, run, wrong }) {
  await press(page, t('policy.add_condition'))
  const rule = page.locator('[data-path="conditions.0"]')
  const when = rule.getByLabel(t('policy.when'), { exact: true })
  await when.fill("item.category == 'clothing' && request.totl > 0")
  await rule.getByText('request.totl').last().waitFor()
  const place = t('policy.place', { line: 1, column: 39 }).split(' ')[0]
  await rule.getByText(place).first().waitFor()
  await inspect(page, 'a wrong expression', wrong)
  await run.shot(page, 'policies-expression', false)
  await when.fill("item.category == 'clothing' && request.total > 0")
  await rule.getByLabel(t('policy.outcome'), { exact: true }).selectOption('review')
  await rule
    .getByRole('combobox', { name: new RegExp(`^${t('policy.says_add')}`) })
    .last()
    .selectOption('en')
  await rule.getByLabel('English', { exact: true }).last().fill(life.words.en)
  await rule
    .getByRole('combobox', { name: new RegExp(`^${t('policy.says_add')}`) })
    .last()
    .selectOption('de')
  await rule.getByLabel('Deutsch', { exact: true }).last().fill(life.words.de)
  await page
    .getByRole('region', { name: t('policy.check'), exact: true })
    .getByText('conditions')
    .waitFor({ state: 'detached' })
  await rule.locator('[aria-invalid=true]').waitFor({ state: 'detached' })
}

async function mistyped({ page, t, run, wrong }) {
  await press(page, t('policy.text'))
  const text = page.getByLabel(t('policies.text_label'), { exact: true })
  await text.waitFor()
  const good = await until('the text is the form', () => text.inputValue(), (now) => now.includes('request.total > 0'))
  await text.fill(good.replace('"name":', '"name"'))
  await page.getByText(t('policy.json.colon', { found: '"Standard"' })).waitFor()
  await page
    .getByText(t('policy.place', { line: 2, column: 10 }))
    .first()
    .waitFor()
  const save = page.getByRole('button', { name: new RegExp(`^${t('policy.save')}`) })
  await until('what is no JSON is not saved', () => save.getAttribute('aria-disabled'), 'true')
  await inspect(page, 'text with a mistake', wrong)
  await run.shot(page, 'policies-text', false)
  await text.fill(good.replace('"name": "Standard"', '"name": "标准政策"'))
  await page.getByText(t('policy.json.fine')).waitFor()
  await page.getByRole('heading', { name: '标准政策', level: 1 }).waitFor()
}

async function reloaded({ page, t }) {
  await page.getByText(t('policy.kept_here')).waitFor()
  page.once('dialog', (dialog) => dialog.accept())
  await page.reload()
  await page.getByRole('heading', { name: '标准政策', level: 1 }).waitFor()
  await page.getByText(t('policy.drop')).waitFor()
}

async function compared({ page, t, run, wrong }) {
  await page.getByLabel(t('policy.note'), { exact: true }).fill('服装由人工查看，期限放宽')
  await page.getByRole('link', { name: t('policy.compare'), exact: true }).click()
  const leave = page.getByRole('dialog', { name: t('policy.leave') })
  await inspect(page, 'leave without saving', wrong)
  await press(leave, t('policy.save_leave'))
  await page.waitForURL(/\/compare$/)
  await page.getByText('standard').first().waitFor({ state: 'attached' })
  await page.locator('main li p').filter({ hasText: /15$/ }).first().waitFor()
  await run.shot(page, 'policies-compare', false)
}

async function tried({ page, t, run, wrong }) {
  await page.goto('/console/backtests?policy=standard')
  await page.getByLabel(t('backtest.version'), { exact: true }).locator('option').first().waitFor({ state: 'attached' })
  await press(page, t('backtest.start'))
  await page.waitForURL(/\/backtests\/bkt_/)
  await page.getByText(t('backtest.state.done'), { exact: true }).waitFor({ timeout: 120_000 })
  await page.getByRole('region', { name: t('backtest.result'), exact: true }).waitFor()
  await page
    .getByRole('button', { name: t('backtest.as_table'), exact: true })
    .first()
    .click()
  await page.getByRole('columnheader', { name: t('backtest.difference'), exact: true }).waitFor()
  await inspect(page, 'a back-test', wrong)
  await run.shot(page, 'policies-backtest', false)
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('a[download="outcomes.csv"]').click()])
  check(file.suggestedFilename() === 'outcomes.csv', 'the chart comes as a file')
  const why = page.getByRole('button', { name: new RegExp(t('backtest.why_number', { number: '' }).trim()) }).first()
  await why.click()
  await page
    .getByRole('region', { name: t('policy.after'), exact: true })
    .first()
    .waitFor()
  await page
    .getByRole('heading', { name: t('backtest.coverage'), exact: true })
    .first()
    .scrollIntoViewIfNeeded()
  await inspect(page, 'samples and coverage of a back-test', wrong)
  await run.shot(page, 'policies-backtest-samples')
  for (const link of await page.locator('main a[href*="/v1/backtests/"]').all()) {
    const answer = await page.request.get(await link.getAttribute('href'))
    check(answer.ok() && (await answer.text()).length > 20, `a file is ${answer.status()}`)
  }
  const { pathname } = new URL(page.url())
  await example(page)
  return pathname
}

/** What would have changed is said of a real case, which opens from there. */
async function example(page) {
  const link = page.locator('main li a[href*="/console/cases/case_"]').first()
  const number = (await link.innerText()).trim()
  await link.click()
  await page.waitForURL(/\/console\/cases\/case_/)
  await page.locator('header').getByText(number).first().waitFor()
  await page.goBack()
  await page.waitForURL(/\/backtests\/bkt_/)
}

async function whatIf({ page, t, run, wrong, id }) {
  await page.goto(`/console/cases/${id}`)
  await page.getByRole('link', { name: t('decision.what_if') }).click()
  await page.waitForURL(/\/what-if/)
  await page.getByLabel(t('backtest.version'), { exact: true }).locator('option').first().waitFor({ state: 'attached' })
  await press(page, t('backtest.compare'))
  await page.getByRole('region', { name: t('policy.after'), exact: true }).waitFor()
  await inspect(page, 'what if', wrong)
  await run.shot(page, 'policies-what-if', false)
}

async function published({ page, t, run, wrong }) {
  await page.goto('/console/policies/standard')
  await life.did({ page, t, wrong }, 'review', '看过了', 'reviewed')
  await life.did({ page, t, wrong }, 'activate', '看过了', 'live')
  await run.shot(page, 'policies-live', false)
  const live = await (await page.request.get('/v1/policies/standard')).json()
  check(live.rules.window_days === 15, 'what was written is live')
}

async function pages(browser, { run, wrong, backtest, context: known }, look, name) {
  const me = run.with(await person(browser, run, { ...look, viewport: desk }))
  const { page, context } = me
  const t = await texts(look.language)
  await context.addCookies(await known.cookies())
  for (const [what, path, title] of [
    ['list', '/console/policies', t('nav.policies')],
    ['versions', '/console/policies/standard', ''],
    ['edit', '/console/policies/standard/edit', ''],
    ['compare', '/console/policies/standard/compare', ''],
    ['backtests', '/console/backtests', t('nav.backtests')],
    ['backtest', backtest, ''],
    ['what-if', '/console/what-if', t('backtest.what_if')],
  ]) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1, ...(title ? { name: title } : {}) }).waitFor()
    await page.waitForLoadState('load')
    await settled(page)
    await inspect(page, `${what} ${name}`, wrong)
    await sideways(page, narrow, desk, `${what} ${name}`, wrong)
    await run.shot(page, `policies-${what}-${name}`, false)
  }
  await context.close()
}
