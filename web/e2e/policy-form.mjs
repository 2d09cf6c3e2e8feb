// Test cases of a policy as a form: taken from a case, written from facts,
// copied, moved, taken away; text beside it; what came out, with its grounds.
import { call, check, desk, narrow, phone } from './browser.mjs'
import { inspect, sideways } from './inspect.mjs'
import { until } from './wait.mjs'

const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()
const runAll = async ({ page, t }, panel) => {
  const answer = page.waitForResponse((one) => one.url().endsWith('/tests') && one.request().method() === 'POST')
  await press(panel, t('policy.run'))
  await answer
}

/** The example of a real case, with an answer that does not come out. */
export async function fromCase(now) {
  const { page, t, run, wrong, id } = now
  await page
    .getByRole('button', { name: new RegExp(`^${t('policy.tests')}`) })
    .first()
    .click()
  const panel = page.getByRole('region', { name: t('policy.tests'), exact: true })
  await press(panel, t('policy.add_case'))
  const dialog = page.getByRole('dialog', { name: t('policy.add_case') })
  const found = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  await dialog.getByLabel(t('policy.case_number')).fill(found.number)
  await press(dialog, t('policy.take_case'))
  await dialog.waitFor({ state: 'hidden' })
  await panel.getByText(found.number, { exact: true }).waitFor()
  const wanted = panel.getByLabel(t('policy.wanted_as', { kind: t('kind.return_refund') }), { exact: true })
  await wanted.selectOption('refuse')
  await runAll(now, panel)
  await panel.getByText(t('policy.fail'), { exact: true }).waitFor()
  await panel.getByRole('columnheader', { name: t('policy.differs'), exact: true }).waitFor()
  await inspect(page, 'a test that fails', wrong)
  await sideways(page, narrow, desk, 'a test that fails', wrong)
  await run.shot(page, 'policies-tests')
  await wanted.selectOption('')
  await runAll(now, panel)
  await panel.getByText(t('policy.pass'), { exact: true }).waitFor()
  // Folded, the row of the case is out of the way.
  await panel.getByRole('button', { name: new RegExp(found.number), expanded: true }).click()
}

/** One that is written in the form: facts by name, goods, an answer for each kind. */
export async function written(now) {
  const { page, t, run, wrong } = now
  const panel = page.getByRole('region', { name: t('policy.tests'), exact: true })
  await press(panel, t('policy.add_test'))
  const row = panel.getByRole('listitem').filter({ has: page.getByLabel(t('policy.test_name'), { exact: true }) })
  await row.getByLabel(t('policy.test_name'), { exact: true }).fill('金卡顾客退耳机')
  const request = row.getByRole('group', { name: t('policy.facts.request'), exact: true })
  const more = (group) => group.getByRole('combobox', { name: new RegExp(`^${t('policy.add_fact')}`) })
  await more(request).selectOption('customer.tier')
  await request.getByLabel(t('policy.fact.customer.tier'), { exact: true }).fill('gold')
  await more(request).selectOption('customer.orders')
  const orders = request.getByLabel(t('policy.fact.customer.orders'), { exact: true })
  await orders.fill('many')
  await row.getByText(t('policy.fact_wrong.number'), { exact: true }).waitFor()
  await orders.fill('12')
  const goods = row.getByRole('group', { name: t('policy.line_no', { n: 1 }), exact: true })
  await more(goods).selectOption('item.category')
  await goods.getByLabel(t('policy.fact.item.category'), { exact: true }).fill('audio')
  const known = row.getByRole('group', { name: t('policy.facts.known'), exact: true })
  await more(known).selectOption('use.opened')
  await known.getByLabel(t('policy.fact.use.opened'), { exact: true }).selectOption('no')
  await row.getByLabel(t('policy.wanted_as', { kind: t('kind.exchange') }), { exact: true }).selectOption('refuse')
  await runAll(now, panel)
  await row.getByText(t('policy.fail'), { exact: true }).first().waitFor()
  await inspect(page, 'a test case as a form', wrong)
  await run.shot(page, 'policies-test-form')
  await page.setViewportSize(phone)
  await inspect(page, 'a test case as a form on a phone', wrong)
  await sideways(page, phone, phone, 'a test case as a form on a phone', wrong)
  await run.shot(page, 'policies-test-form-phone')
  await page.setViewportSize(desk)
  await row.getByLabel(t('policy.wanted_as', { kind: t('kind.exchange') }), { exact: true }).selectOption('approve')
  await runAll(now, panel)
  await row.getByText(t('policy.pass'), { exact: true }).first().waitFor()

  // The law is asked as well where the example says so.
  await more(request).selectOption('request.country')
  await request.getByLabel(t('policy.fact.request.country'), { exact: true }).fill('DE')
  const stated = row.getByRole('group', { name: t('policy.facts.law'), exact: true })
  await more(stated).selectOption('told.right')
  await stated.getByLabel(t('policy.fact.law.told.right'), { exact: true }).selectOption('no')
  const together = row.getByLabel(t('policy.together_outcome'), { exact: true })
  await together.selectOption('refuse')
  await runAll(now, panel)
  await row.getByText(t('policy.fail'), { exact: true }).first().waitFor()
  await row.getByText('DE@1', { exact: false }).first().waitFor()
  await inspect(page, 'a test case with facts of the law', wrong)
  await run.shot(page, 'policies-test-law')
  await together.selectOption('approve')
  await runAll(now, panel)
  await row.getByText(t('policy.pass'), { exact: true }).first().waitFor()

  // The text says what the form says, and the other way round.
  await press(row, t('policy.text'))
  const text = row.getByLabel(t('policy.request'), { exact: true })
  const json = JSON.parse(await text.inputValue())
  check(json.request.customer.tier === 'gold' && json.request.customer.orders === 12, 'the text has the facts')
  check(json.law['told.right'] === false && json.expect.effective.outcome === 'approve', 'and of the law')
  check(json.request.known['use.opened'] === false && json.expect.kinds.exchange === 'approve', 'and what is wanted')
  json.request.customer.orders = 13
  await text.fill(JSON.stringify(json, null, 2))
  await run.shot(page, 'policies-test-text', false)
  await press(row, t('policies.form'))
  await until('the form has what the text says', () => orders.inputValue(), '13')
}

/** Copied, moved and taken away; the others stay as they are. */
export async function arranged(now) {
  const { page, t } = now
  const panel = page.getByRole('region', { name: t('policy.tests'), exact: true })
  const name = '金卡顾客退耳机'
  const names = () => panel.getByRole('listitem').locator('button[aria-expanded] .font-medium').allInnerTexts()
  await press(panel, t('policy.copy_of', { name }))
  await panel.getByText(`${name} (2)`, { exact: true }).first().waitFor()
  const same = async () => (await names()).filter((one) => one.startsWith(name))
  await until('two of that name', same, (all) => all.length === 2)
  await press(panel, t('policies.up', { name: `${name} (2)` }))
  await until('moved up', same, (all) => all[0] === `${name} (2)`)
  await press(panel, t('policies.remove', { name: `${name} (2)` }))
  await until('one is left', same, (all) => all.length === 1)
}

/** A case that was looked at in the what-if is kept as an example of the policy. */
export async function fromWhatIf(now) {
  const { page, t, run, id } = now
  const found = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  await page.getByRole('link', { name: t('policy.keep_example'), exact: true }).click()
  await page.waitForURL(/\/policies\/standard\/edit/)
  const panel = page.getByRole('region', { name: t('policy.tests'), exact: true })
  await panel.getByText(`${found.number} (2)`, { exact: true }).first().waitFor()
  await runAll(now, panel)
  await panel.getByText(t('policy.passed', { passed: 3, count: 3 }), { exact: true }).waitFor()
  await run.shot(page, 'policies-kept-example', false)
  await press(panel, t('policies.remove', { name: `${found.number} (2)` }))
}
