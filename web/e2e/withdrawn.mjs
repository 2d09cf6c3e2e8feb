// What somebody has open is taken away: the customer of the case is erased, the
// role is lowered, the case goes to somebody else, the account is closed. What
// was typed stays in sight or comes back, and is sent nowhere by itself.
import { call, check, desk, narrow } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'

const typed = '这段话还没有发出去'

export async function walk(browser, run) {
  const wrong = []
  const boss = run.with(await run.step('an administrator signs in', () => signIn(browser, run, 'administrator')))
  const agent = run.with(await run.step('an agent signs in', () => signIn(browser, run, 'agent', { language: 'en' })))
  const now = { browser, run, wrong, boss, agent }
  await run.step('the customer is erased while an answer is typed', () => erased(now))
  now.case = await ordered(run, 'role')
  await run.step('the role is lowered while an answer is typed', () => lowered(now))
  await run.step('it is given back', () => raised(now))
  await run.step('the account is closed while an answer is typed', () => closed(now))
  await run.step('it is opened again', () => opened(now))
  await run.step('the role is lowered while a form is open', () => form(now))
  await run.step('the case goes to another seller', () => elsewhere(now))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** An order of a customer of its own, and a request for its money. */
async function ordered(run, who) {
  const number = `WD-${who}-${Date.now()}`
  const day = new Date(Date.now() - 24 * 3_600_000).toISOString()
  const order = await call(run, run.key, 'POST', '/v1/orders', {
    number,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day,
    delivered_at: day,
    customer: { name: '白云飞', email: `${number.toLowerCase()}@example.com`, language: 'zh-CN' },
    lines: [{ sku: 'YM-LS', title: '亚麻衬衫', category: 'clothing', quantity: 1, unit_price: 19900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-${number}`, amount: 19900 }],
  })
  const items = [{ line: 1, quantity: 1, reason: 'not_as_described' }]
  return call(run, run.key, 'POST', '/v1/cases', { kind: 'refund_only', order: order.id, items, comment: '与描述不符' })
}

/** What the browser of somebody who is signed in asks for. */
async function send({ page }, run, method, path, data) {
  const answer = await page.request.fetch(path, { method, data, headers: { Origin: run.url, 'If-Match': '*' } })
  check(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json().catch(() => undefined)
}

/** Changes the account of somebody. */
async function change({ boss, run }, who, to) {
  const { items } = await send(boss, run, 'GET', '/v1/staff')
  const one = items.find(({ email }) => email === run.staff[who].email)
  await send(boss, run, 'PATCH', `/v1/staff/${one.id}`, to)
}

const reply = ({ page, t }) => page.getByLabel(t('chat.label'), { exact: true })
const unsent = ({ page, t }) => page.getByRole('region', { name: t('unsent.reply'), exact: true })

/** Stands in the field for the customer, and has typed. */
async function types(me, id) {
  await open(me, id)
  await me.page.getByRole('button', { name: me.t('chat.tab') }).click()
  await reply(me).and(me.page.locator(':focus')).waitFor()
  await me.page.keyboard.type(typed)
  check((await reply(me).inputValue()) === typed, `typed ${await reply(me).inputValue()}`)
}

/** The text stands there as not sent, and the keys of who goes on typing do nothing. */
async function kept(me, why) {
  const left = unsent(me)
  await left.getByText(me.t(`unsent.${why}`), { exact: true }).waitFor()
  const field = left.getByRole('textbox')
  check((await field.inputValue()) === typed, `left is ${await field.inputValue()}`)
  await field.and(me.page.locator(':focus')).waitFor()
  await me.page.keyboard.type('adf')
  check((await field.inputValue()) === typed, 'it is not changed any more')
  check((await me.page.getByRole('dialog').count()) === 0, 'what is typed on presses keys of the page')
  check((await reply(me).count()) === 0, 'it can still be written')
}

/** How often a text was written to the customer. */
async function written({ run, boss }, id) {
  const { items } = await send(boss, run, 'GET', `/v1/cases/${id}/messages`)
  return items.filter((one) => one.text === typed).length
}

async function erased(now) {
  const { browser, run, agent, wrong } = now
  const { page } = agent
  const { id, order } = await ordered(run, 'erased')
  await call(run, run.key, 'POST', `/v1/cases/${id}/actions`, { action: 'withdraw' }, { 'If-Match': '*' })
  const { customer } = await call(run, run.key, 'GET', `/v1/orders/${order.id ?? order}`)
  await types(agent, id)
  await page.getByText('白云飞').first().waitFor()
  const officer = await signIn(browser, run, 'privacy')
  await send(officer, run, 'POST', `/v1/customers/${customer.id ?? customer}/erasure`, { reason: '客户要求删除' })
  await officer.context.close()
  await kept(agent, 'nobody')
  await page.waitForFunction(() => !document.body.innerText.includes('白云飞'))
  await inspect(page, 'a customer who was erased', wrong)
  await sideways(page, narrow, desk, 'a customer who was erased', wrong)
  await run.shot(page, 'withdrawn-erased', false)
  await page.reload()
  await unsent(agent).getByText(typed).or(unsent(agent).getByRole('textbox')).first().waitFor()
  await unsent(agent).getByRole('button', { name: agent.t('unsent.discard'), exact: true }).click()
  await unsent(agent).waitFor({ state: 'detached' })
  check((await written(now, id)) === 0, 'it was sent to nobody')
}

async function lowered(now) {
  const { run, agent, wrong } = now
  await types(agent, now.case.id)
  await change(now, 'agent', { role: 'warehouse' })
  await kept(agent, 'may_not')
  await agent.page.getByRole('button', { name: agent.t('do.approve'), exact: true }).waitFor({ state: 'detached' })
  await inspect(agent.page, 'a role that was lowered', wrong)
  await run.shot(agent.page, 'withdrawn-lowered', false)
  check((await written(now, now.case.id)) === 0, 'it was not sent')
}

async function raised(now) {
  const { agent } = now
  await change(now, 'agent', { role: 'agent' })
  await reply(agent).waitFor()
  await unsent(agent).waitFor({ state: 'detached' })
  check((await reply(agent).inputValue()) === typed, 'what was typed is there again')
}

/** Nobody is signed in any more: the page says so without being asked, and asks the server for nothing. */
async function closed(now) {
  const { run, agent, wrong } = now
  const { page, t } = agent
  await reply(agent).focus()
  await change(now, 'agent', { state: 'disabled' })
  await page.getByText(t('signin.expired'), { exact: true }).waitFor()
  check((await page.getByText(now.case.number).count()) === 0, 'the case is still on the screen')
  const asked = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await inspect(page, 'an account that was closed', wrong)
  await run.shot(page, 'withdrawn-closed', false)
  await enter(agent, run)
  await page.getByRole('alert').first().waitFor()
  const others = asked.filter((path) => path.startsWith('/v1/') && path !== '/v1/session')
  check(others.length === 0, `signed out it asks for ${others}`)
}

async function enter({ page, t }, run) {
  await page.getByLabel(t('signin.email'), { exact: true }).fill(run.staff.agent.email)
  await page.getByLabel(t('signin.password'), { exact: true }).fill(run.staff.agent.password)
  await page.getByRole('button', { name: t('signin.enter'), exact: true }).click()
}

async function opened(now) {
  const { run, agent } = now
  const { page, t } = agent
  await change(now, 'agent', { state: 'active' })
  await enter(agent, run)
  await page.waitForURL(`**/console/cases/${now.case.id}*`)
  await page.getByRole('button', { name: t('chat.tab') }).click()
  check((await reply(agent).inputValue()) === typed, 'what was typed before is there')
  await page.keyboard.press('Control+Enter')
  await page.locator('[data-talk]').getByText(typed).waitFor()
  check((await written(now, now.case.id)) === 1, 'it is sent once')
}

/** The form stays with what was filled in, and what is sent is refused; a page that the role has no more goes. */
async function form(now) {
  const { browser, run, wrong } = now
  const me = run.with(await signIn(browser, run, 'supervisor'))
  const other = await me.context.newPage()
  await other.goto('/console/templates')
  await other.getByRole('heading', { name: me.t('nav.templates'), level: 1 }).waitFor()
  const { page, t } = me
  await open(me, now.case.id)
  await page.getByRole('button', { name: t('do.refuse'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio').first().check()
  await dialog.getByLabel(t('refuse.comment'), { exact: true }).fill(typed)
  await change(now, 'supervisor', { role: 'auditor' })
  await other.getByRole('heading', { name: t('denied.title'), exact: true }).waitFor()
  await other.close()
  await page.getByRole('button', { name: t('do.approve'), exact: true, includeHidden: true }).waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: t('refuse.send'), exact: true }).click()
  await dialog.getByRole('alert').getByText(t('problem.role.denied')).waitFor()
  check((await dialog.getByLabel(t('refuse.comment'), { exact: true }).inputValue()) === typed, 'the form has lost its text')
  await inspect(page, 'a form that is refused', wrong)
  await run.shot(page, 'withdrawn-form', false)
  const found = await call(run, run.key, 'GET', `/v1/cases/${now.case.id}`)
  check(found.state === 'submitted', `it was refused all the same: ${found.state}`)
  await change(now, 'supervisor', { role: 'supervisor' })
  await me.context.close()
}

/** The account belongs to another seller: the case is not for its eyes any more, the text is. */
async function elsewhere(now) {
  const { browser, run, wrong } = now
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${run.sold[0]}`)
  const items = [{ line: 1, quantity: 1, reason: 'not_as_described' }]
  const made = await call(run, run.key, 'POST', '/v1/cases', { order: orders.items[0].id, kind: 'refund_only', items })
  const me = run.with(await signIn(browser, run, 'seller', { dark: true }))
  await types(me, made.id)
  await change(now, 'seller', { seller: 'sel_other' })
  await kept(me, 'gone')
  await me.page.getByRole('heading', { name: made.number }).waitFor({ state: 'detached' })
  await inspect(me.page, 'a case of somebody else now', wrong)
  await sideways(me.page, narrow, desk, 'a case of somebody else now', wrong)
  await run.shot(me.page, 'withdrawn-elsewhere', false)
  check((await written(now, made.id)) === 0, 'it was not sent')
}
