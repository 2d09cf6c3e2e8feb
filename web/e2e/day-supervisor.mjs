// A supervisor's day: what is to be decided, somebody to look after a case, many
// approved at once with the password, a limit that holds, a case that two people
// take up again, rules tried on the past, scores, who is at a case, and the log of
// who did what, in words and as a file.
import { readFileSync } from 'node:fs'
import { call, check, desk, narrow, texts } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { openCase } from './staff.mjs'
import { settled, until } from './wait.mjs'

const languages = ['zh-CN', 'zh-TW']
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()
const state = (page, text) => page.locator('main header').getByText(text, { exact: true }).first().waitFor()

export async function walk(browser, run) {
  const wrong = []
  const ids = []
  for (const who of ['whole', 'pages', 'staff']) ids.push(await openCase(run, run.buyers[who]))
  const chief = run.with(await run.step('the supervisor signs in', () => signIn(browser, run, 'supervisor')))
  const agent = run.with(await run.step('the agent signs in', () => signIn(browser, run, 'agent', { dark: true })))
  const now = { browser, run, wrong, chief, agent, ids }
  await run.step('the queue', () => queue(now))
  await run.step('somebody looks after a case', () => assigns(now))
  await run.step('who is at a case', () => beside(now))
  await run.step('many are approved with the password', () => many(now))
  for (const language of languages) await run.step(`what is listed is taken out as files in ${language}`, () => takesOut(now, language))
  await run.step('a case is taken up again by two', () => again(now))
  await run.step('rules are tried on the past', () => tried(now))
  await run.step('scores and figures', () => scores(now))
  for (const language of languages) await run.step(`the log in ${language}`, () => log(now, language))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function looks({ run, wrong }, page, what, schemes = ['dark', 'light']) {
  await settled(page)
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${what} ${colorScheme}`, wrong)
  }
  await run.shot(page, `supervisor-${what.replaceAll(' ', '-')}`, false)
}

async function queue(now) {
  const { page, t } = now.chief
  await page.goto('/console/cases?tab=decide')
  await page.locator('[data-row="0"]').waitFor()
  await until('three cases wait for a decision', () => page.locator('[data-row]').count(), 3)
  await looks(now, page, 'queue')
  await sideways(page, narrow, desk, 'the queue', now.wrong)
  // Opened by its address, the list still begins under its tabs.
  await page.goto(`/console/cases/${now.ids[2]}`)
  await page.locator('[data-row="0"]').waitFor()
  await state(page, t('case.state.submitted'))
  await settled(page)
  const above = () =>
    page.evaluate(() => {
      const first = document.querySelector('[data-row="0"]')
      return first.closest('.overflow-auto').getBoundingClientRect().top - first.getBoundingClientRect().top
    })
  await until('how far the first row begins above its list', above, (px) => px <= 0)
}

async function assigns({ run, chief, agent, wrong, ids }) {
  const { page, t } = chief
  await open(chief, ids[0])
  await page.keyboard.press('.')
  const sheet = page.getByRole('dialog', { name: t('sheet.title') })
  await sheet.getByRole('button', { name: new RegExp(`^${t('do.assign')}`) }).click()
  const dialog = page.getByRole('dialog').last()
  await dialog.getByText(run.staff.agent.name).click()
  await inspect(page, 'assign', wrong)
  await press(dialog, t('do.assign'))
  await dialog.waitFor({ state: 'hidden' })
  await agent.page.goto('/console/cases?assignee=me')
  await agent.page.locator('[data-row="0"]').waitFor()
  await until('the agent has it', () => agent.page.locator('[data-row]').count(), 1)
  await page.goto('/console/cases?assignee=none&tab=decide')
  await page.locator('[data-row="1"]').waitFor()
  await until('two belong to nobody', () => page.locator('[data-row]').count(), 2)
}

async function beside({ run, chief, agent, ids, wrong }) {
  await open(chief, ids[1])
  await open(agent, ids[1])
  await chief.page.locator('[data-presence]').first().getByText(run.staff.agent.name).waitFor()
  await inspect(chief.page, 'who is at a case', wrong)
  await agent.page.goto('/console/cases')
}

async function many(now) {
  const { run, chief, wrong, ids } = now
  const { page, t } = chief
  await page.goto('/console/cases?tab=decide')
  await page.locator('[data-row="2"]').waitFor()
  await page.keyboard.press('Shift+A')
  await press(page.getByRole('toolbar'), t('do.approve'))
  const dialog = page.getByRole('dialog')
  await press(dialog, t('bulk.do.approve'))
  const password = dialog.getByLabel(t('bulk.password'), { exact: true })
  await password.fill('not the password at all')
  await press(dialog, t('bulk.confirm'))
  await dialog.getByRole('alert').first().waitFor()
  await inspect(page, 'a wrong password', wrong)
  await password.fill(run.staff.supervisor.password)
  await press(dialog, t('bulk.confirm'))
  await dialog.getByText(t('bulk.done', { count: 3 })).waitFor()
  await looks(now, page, 'many approved')
  await dialog.getByRole('button', { name: t('act.close'), exact: true }).last().click()
  for (const id of ids) {
    const found = await call(run, run.key, 'GET', `/v1/cases/${id}`)
    check(found.state === 'await_return', `${id} is ${found.state}`)
  }
}

/** The list as it is narrowed, as a table and as one object a line. */
async function takesOut(now, language) {
  const { browser, run, ids } = now
  const me = run.with(await signIn(browser, run, 'supervisor', { language, dark: language === 'zh-TW' }))
  const { page, t } = me
  await page.goto('/console/cases?state=await_return')
  await page.locator('[data-row="2"]').waitFor()
  const taken = {}
  for (const kind of ['csv', 'jsonl']) {
    await page.getByRole('button', { name: t('export.title'), exact: true }).click()
    const dialog = page.getByRole('dialog', { name: t('export.title') })
    await dialog.waitFor()
    if (kind === 'csv') await looks(now, page, `export ${language}`, [language === 'zh-TW' ? 'dark' : 'light'])
    const file = page.waitForEvent('download')
    await dialog.getByRole('link', { name: new RegExp(t(`export.${kind}`)) }).click()
    const saved = await file
    check(saved.suggestedFilename().endsWith(kind), `the file is named ${saved.suggestedFilename()}`)
    taken[kind] = readFileSync(await saved.path(), 'utf8')
    await dialog.waitFor({ state: 'hidden' })
  }
  const lines = taken.jsonl.trim().split('\n').map((line) => JSON.parse(line))
  await until(`${lines.length} lines, in the list`, () => page.locator('[data-row]').count(), lines.length)
  for (const id of ids) check(lines.some((one) => one.id === id), `${id} is in the file`)
  for (const one of lines) check(taken.csv.includes(one.number) && one.state === 'await_return', `${one.number} is in both files`)
  const table = taken.csv.trim().split(/\r?\n/)
  check(table.length === lines.length + 1, `the table has ${table.length} lines`)
  await page.goto('/console/cases?paid_from=2031-01-01')
  await page.getByText(t('list.none_filtered'), { exact: true }).waitFor()
  const none = page.waitForEvent('download')
  await page.getByRole('button', { name: t('export.title'), exact: true }).click()
  await page.getByRole('dialog').getByRole('link', { name: new RegExp(t('export.csv')) }).click()
  check(readFileSync(await (await none).path(), 'utf8').trim().split(/\r?\n/).length === 1, 'nothing but the heads')
  await me.context.close()
}

async function again(now) {
  const { run, chief, agent, wrong } = now
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${run.buyers.kinds.number}`)
  const items = [{ line: 2, quantity: 1, reason: 'not_as_described' }]
  const made = await call(run, run.key, 'POST', '/v1/cases', { order: orders.items[0].id, items, kind: 'refund_only' })
  const act = (body) => call(run, run.key, 'POST', `/v1/cases/${made.id}/actions`, body, { 'If-Match': '*' })
  await act({ action: 'refuse', reason_code: 'no_evidence', comment: '照片里的商品完好' })
  const closed = await call(run, run.key, 'GET', `/v1/cases/${made.id}`)
  run.fact('refused', closed.state)
  await open(agent, made.id)
  const able = agent.page.getByRole('button', { name: agent.t('do.reopen'), exact: true })
  await settled(agent.page)
  if (!(await able.count())) return run.fact('reopening', 'a refused case is amended by the customer, not reopened')
  await able.first().click()
  const dialog = agent.page.getByRole('dialog')
  await dialog.getByLabel(agent.t('reopen.why'), { exact: true }).fill('顾客补充了照片')
  await press(dialog, agent.t('reopen.propose'))
  await dialog.waitFor({ state: 'hidden' })
  await open(chief, made.id)
  await chief.page.getByRole('region', { name: chief.t('reopen.title') }).waitFor()
  await inspect(chief.page, 'a case to be taken up again', wrong)
  await run.shot(chief.page, 'supervisor-reopen', false)
}

async function tried(now) {
  const { page, t } = now.chief
  await page.goto('/console/backtests')
  await page.getByRole('heading', { name: t('nav.backtests'), level: 1 }).waitFor()
  await looks(now, page, 'back tests')
  await sideways(page, narrow, desk, 'back-tests', now.wrong)
}

async function scores(now) {
  const { page, t } = now.chief
  for (const name of ['ratings', 'insight']) {
    await page.goto(`/console/${name}`)
    await page.getByRole('heading', { name: t(`nav.${name}`), level: 1 }).waitFor()
    await looks(now, page, name)
  }
}

/** What was done today, in the words of a language; its own name behind it. */
async function log(now, language) {
  const { browser, run, wrong } = now
  const me = run.with(await signIn(browser, run, 'supervisor', { language, dark: language === 'zh-TW' }))
  const { page } = me
  const t = await texts(language)
  await page.goto('/console/audit?type=case.*')
  const table = page.getByRole('table')
  await table.getByText(t('event.case.approved'), { exact: true }).first().waitFor()
  await table.getByText(t('event.case.assigned'), { exact: true }).first().waitFor()
  await page.goto('/console/audit') // sign-ins are not changes, and the page says so
  await page.getByText(t('audit.left_out')).waitFor()
  await table.getByText(t('event.case.approved'), { exact: true }).first().waitFor()
  check((await table.getByText(t('event.session.started'), { exact: true }).count()) === 0, 'a sign-in among the changes')
  await page.getByRole('button', { name: t('audit.show_all'), exact: true }).click()
  await table.getByText(t('event.session.started'), { exact: true }).first().waitFor()
  const raw = await table.locator('summary').evaluateAll((all) => all.map((one) => one.textContent.trim()).filter((one) => /^[a-z_]+\.[a-z_]+$/.test(one)))
  if (raw.length) wrong.push(`${language}: the log has no words for ${[...new Set(raw)]}`)
  await table.locator('summary').first().click()
  await table.getByText(/^[a-z_]+\.[a-z_]+$/).first().waitFor()
  await looks(now, page, `log ${language}`, [language === 'zh-TW' ? 'dark' : 'light'])
  await sideways(page, narrow, desk, `the log ${language}`, wrong)
  const file = page.waitForEvent('download')
  await page.getByRole('link', { name: /CSV/i }).first().click()
  const csv = readFileSync(await (await file).path(), 'utf8')
  check(csv.includes('case.approved') && csv.includes(run.staff.supervisor.name), 'the file says who approved')
  await me.context.close()
}
