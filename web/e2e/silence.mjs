// Money on somebody's word: an administrator reads what silence does to it, a
// customer asks for it, nobody answers, and a person is called.
import { call, check, desk, mail, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { choose, fillReturn, lookUp, send } from './portal.mjs'
import { until } from './wait.mjs'

const title = '亚麻衬衫 Linen shirt'
const contact = 'silence@example.com'
const path = '/v1/policies/standard'
const api = ({ run }, method, at, body) => call(run, run.key, method, at, body, { 'If-Match': '*' })

export async function walk(browser, run) {
  const wrong = []
  const t = await texts('zh-CN')
  const now = { run, wrong, t, browser }
  await run.step('an administrator reads and changes what silence does', () => changed(now))
  await run.step('the shop pays on a word', () => protects(now))
  const customer = run.with(await person(browser, run, { viewport: phone }))
  now.page = customer.page
  now.order = await run.step('a customer signs in', () => ordered(now, customer))
  const agent = run.with(
    await run.step('an agent signs in', () => signIn(browser, run, 'agent', { language: 'en', dark: true })),
  )
  await run.step('a lower price is asked for', () => lower(now, customer))
  await run.step('nobody answers', () => silent(now, agent))
  await run.step('the list says that it is overdue', () => listed(now, agent))
  await run.step('a supervisor is told by e-mail', () => alerted(now))
  await run.step('the customer reads what it means', () => told(now))
  await run.step('a person answers after all', () => answered(now, agent))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** Each choice says what comes of it, and the change stands in the comparison. */
async function changed({ run, wrong, browser }) {
  const { page, t, context } = run.with(await signIn(browser, run, 'administrator'))
  await page.goto('/console/policies/standard/edit')
  const field = page.getByLabel(t('policies.silence'), { exact: true })
  await field.waitFor()
  for (const choice of ['call', 'approve']) {
    if (choice === 'approve') await field.selectOption(choice)
    await until('silence', () => field.inputValue(), choice)
    const hint = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`)
    await until('it says', () => hint.innerText(), t(`policies.silence.${choice}_hint`))
  }
  await field.scrollIntoViewIfNeeded()
  await inspect(page, 'what silence does', wrong)
  await run.shot(page, 'silence-policy', false)
  const saved = page.waitForResponse((one) => one.request().method() === 'PUT' && one.url().endsWith('/draft'))
  await page.getByRole('button', { name: new RegExp(`^${t('policy.save')}`) }).click()
  check((await saved).ok(), 'the draft is saved')
  await page
    .getByText(t('policy.saved_at', { time: '' }).trim().slice(0, 4))
    .first()
    .waitFor()
  await page.goto('/console/policies/standard/compare')
  const row = page.locator('main li').filter({ hasText: t('policies.silence') })
  await row.getByText(t('policies.silence.approve')).waitFor()
  await run.shot(page, 'silence-compare', false)
  await context.close()
}

/** The draft of the browser is written over: silence calls somebody, as in every preset. */
async function protects(now) {
  const { run } = now
  const { name, rules } = await call(run, run.publisher, 'GET', path)
  check(rules.silence === undefined, `live is ${rules.silence}`)
  rules.price_protection_days = 30
  const { version } = await api(now, 'PUT', `${path}/draft`, { name, rules, note: 'lower prices' })
  for (const action of ['review', 'activate'])
    await call(
      run,
      run.publisher,
      'POST',
      `${path}/versions/${version}/actions`,
      { action, note: 'read' },
      { 'If-Match': '*' },
    )
}

async function ordered(now, customer) {
  const { run, t } = now
  const number = `SI-${Date.now()}`
  const day = new Date(Date.now() - 24 * 3_600_000).toISOString()
  const { id } = await api(now, 'POST', '/v1/orders', {
    number,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day,
    delivered_at: day,
    customer: { name: '何静', email: contact, language: 'zh-CN' },
    lines: [{ sku: 'YM-LS', title, category: 'clothing', quantity: 2, unit_price: 19900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-${number}`, amount: 39800 }],
  })
  await lookUp(customer, run, t, { number, contact })
  return id
}

async function lower(now, customer) {
  const { page, run, t, wrong } = now
  await fillReturn(customer, run, t, [{ title, reason: 'not_as_described' }])
  await choose(page, t, 'price_protection')
  await page.getByRole('group', { name: title, exact: true }).getByLabel(t('apply.lower'), { exact: true }).fill('99')
  await page.locator('#refund [aria-busy=false]').waitFor()
  now.id = await send(customer, run, t)
  await page.getByText(t('case.now.submitted'), { exact: true }).first().waitFor()
  await inspect(page, 'a lower price was asked for', wrong)
}

const late = (page) => page.getByText(/^An answer was due by/)

/** Both pages are open while the deadline passes, and neither is read again. */
async function silent({ page, run, id }, agent) {
  const { t } = agent
  await agent.page.goto(`/console/cases/${id}`)
  await agent.page.getByRole('button', { name: t('do.approve'), exact: true }).waitFor()
  check(!(await late(agent.page).isVisible()), 'nobody is late yet')
  const passed = await fetch(`${run.pass}?case=${id}`, { method: 'POST' })
  check(passed.ok, `the time: ${await passed.text()}`)
  await late(agent.page).waitFor()
  await page.getByText(/^处理时间比我们承诺的长/).waitFor()
}

async function listed({ run, wrong, id }, { page, t }) {
  await page.goto(`/console/cases/${id}?overdue=true`)
  const head = page.locator('header').filter({ has: page.getByRole('button', { name: t('do.approve'), exact: true }) })
  await late(head).waitFor()
  const said = await head.innerText()
  check(/A person has to check/.test(said), `why is not said: ${said}`)
  check(!/need not|your request/i.test(said), `staff read what the customer is told: ${said}`)
  await head.locator('time', { hasText: /overdue/ }).waitFor()
  const row = page.locator('[data-row="0"]')
  await until('the list says', () => row.innerText(), (now) => /overdue/i.test(now))
  await page
    .getByText(t('event.case.escalated'))
    .or(page.getByText(/silence does not approve/))
    .first()
    .waitFor({ state: 'attached' })
  await inspect(page, 'a person is called', wrong)
  await run.shot(page, 'silence-case', false)
  await sideways(page, narrow, desk, 'a person is called', wrong)
}

/** The letter names the case and leads to it, and says nothing of the customer. */
async function alerted({ run, id }) {
  const { number } = await api({ run }, 'GET', `/v1/cases/${id}`)
  const passed = await fetch(`${run.pass}?letters=1`, { method: 'POST' })
  check(passed.ok, `the letters: ${await passed.text()}`)
  const { text } = await mail(run, run.staff.supervisor.email, number)
  check(text.includes(`/console/cases/${id}`), `the letter leads nowhere: ${text}`)
  check(!text.includes('何静') && !text.includes(contact), `the letter tells of the customer: ${text}`)
}

async function told({ page, run, wrong, id }) {
  const found = await (await page.request.get(`/v1/my/cases/${id}`, { headers: { 'Accept-Language': 'zh-CN' } })).json()
  const next = page.locator('main div', { has: page.getByText(/^处理时间比我们承诺的长/) }).last()
  const said = await next.innerText()
  check(!said.includes('截止'), `it reads as over: ${said}`)
  check(found.money.paid.minor === 0, 'nothing is paid')
  await inspect(page, 'it takes longer', wrong)
  await sideways(page, narrow, phone, 'it takes longer', wrong)
  await run.shot(page, 'silence-customer')
  const letter = await mail(run, contact, found.number, '核实')
  check(letter.text.includes('/link/'), `the letter leads nowhere: ${letter.text}`)
}

async function answered({ page, t, id, run }, agent) {
  await call(
    run,
    run.key,
    'POST',
    `/v1/cases/${id}/actions`,
    { action: 'approve', note: '已核实' },
    { 'If-Match': '*' },
  )
  await page.getByText(t('case.now.completed'), { exact: true }).first().waitFor()
  await late(agent.page).waitFor({ state: 'detached' })
}
