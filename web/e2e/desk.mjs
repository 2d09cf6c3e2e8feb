// What only the desk does: an offer that is taken back, many cases approved at
// once with the password, an exchange from the order to the customer's word,
// and a case that two people take up again.
import { call, check } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect } from './inspect.mjs'
import { settled, until } from './wait.mjs'

const shirts = '云麦 长绒棉 T 恤 Cotton T-shirt'

export async function walk(browser, run) {
  const wrong = []
  const buyer = run.buyers.desk
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${buyer.number}`)
  const order = items[0].id
  const agent = run.with(await run.step('the agent signs in', () => signIn(browser, run, 'agent')))
  const chief = run.with(await run.step('the supervisor signs in', () => signIn(browser, run, 'supervisor')))
  const now = { run, order, agent, chief, wrong }

  const asked = await run.step('a refund is asked for', () => ask(now, 1))
  await run.step('an offer is made and taken back', () => offered(now, asked))
  await run.step('many are approved at once', () => together(now, asked))
  const swap = await run.step('an exchange is opened from the order', () => opened(now))
  await run.step('it is received and graded', () => inspected(now, swap))
  await run.step('the replacement goes out and is confirmed', () => shipped(now, swap))
  await run.step('two people reopen it', () => reopened(now, swap))
  await run.step('the books show it', () => books(now, swap))
  check(wrong.length === 0, wrong.join('\n'))
}

const read = ({ run }, id) => call(run, run.key, 'GET', `/v1/cases/${id}`)
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()
const state = (page, text) => page.locator('main header').getByText(text, { exact: true }).first().waitFor()

/** A refund without a return of one unit of a line, which a person has to decide. */
async function ask({ run, order }, line) {
  const body = {
    kind: 'refund_only',
    order,
    items: [{ line, quantity: 1, reason: 'not_as_described' }],
    comment: '与描述不符',
  }
  const made = await call(run, run.key, 'POST', '/v1/cases', body)
  check(made.state === 'submitted', `a person decides, but the case is ${made.state}`)
  return made
}

/** The dialog that is open now, looked at by axe. */
async function dialogOf({ wrong }, { page }, what) {
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await inspect(page, what, wrong)
  return dialog
}

async function offered(now, asked) {
  const { agent, run } = now
  const { page, t } = agent
  await open(agent, asked.id)
  await press(page, t('do.offer'))
  const dialog = await dialogOf(now, agent, 'offer')
  await dialog.getByText(t('offers.hint.partial'), { exact: true }).click()
  await dialog.getByLabel(t('offers.amount'), { exact: true }).fill('9999999')
  await press(dialog, t('offers.send'))
  const sum = dialog.getByLabel(t('offers.amount'), { exact: true })
  await until('more than was asked for is not sent', () => sum.getAttribute('aria-invalid'), 'true')
  await until('the field that is wrong has the focus', () => sum.evaluate((node) => node === document.activeElement))
  await sum.fill('10')
  await press(dialog, t('offers.send'))
  await dialog.waitFor({ state: 'hidden' })
  await state(page, t('case.state.negotiating'))
  await run.shot(page, 'desk-offer', false)
  await inspect(page, 'case with an offer', now.wrong)
  await press(page, t('offers.take_back'))
  await press(await dialogOf(now, agent, 'take back'), t('offers.take_back'))
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await state(page, t('case.state.submitted'))
  const found = await read(now, asked.id)
  check(found.offers.at(-1).state === 'declined', 'the offer does not stand any more')
}

async function together(now, asked) {
  const { chief, run } = now
  const { page, t } = chief
  await page.goto(`/console/cases?tab=decide&q=${encodeURIComponent(asked.number)}`)
  await page.getByRole('link').filter({ hasText: asked.number }).waitFor()
  await page.keyboard.press('Shift+A')
  await press(page.getByRole('toolbar'), t('do.approve'))
  const dialog = await dialogOf(now, chief, 'approve many')
  await press(dialog, t('bulk.do.approve'))
  await dialog.getByLabel(t('bulk.password'), { exact: true }).fill(run.staff.supervisor.password)
  await run.shot(page, 'desk-bulk', false)
  await press(dialog, t('bulk.confirm'))
  await dialog.getByText(t('bulk.done', { count: 1 })).waitFor()
  await inspect(page, 'what became of many', now.wrong)
  await run.shot(page, 'desk-bulk-done', false)
  await dialog
    .getByRole('button', { name: t('act.close'), exact: true })
    .last()
    .click()
  await page.getByRole('toolbar').waitFor({ state: 'hidden' })
}

async function opened(now) {
  const { agent, run, order } = now
  const { page, t } = agent
  await page.goto(`/console/orders/${order}/return`)
  await page.getByText(t('open.kind.exchange'), { exact: true }).click()
  const line = page
    .locator('main li')
    .filter({ has: page.getByRole('group') })
    .filter({ hasText: shirts })
  await line.getByRole('button', { name: t('act.more'), exact: true }).click()
  await line.locator('select').first().selectOption('wrong_size')
  await page
    .getByRole('region', { name: t('open.quote') })
    .locator('[data-total]')
    .waitFor()
  await inspect(page, 'open a case', now.wrong)
  await run.shot(page, 'desk-open', false)
  await press(page, t('open.send'))
  await page.waitForURL(/\/cases\/case_/)
  const id = new URL(page.url()).pathname.split('/').at(-1)
  await page.getByRole('heading', { name: t('exchange.title') }).waitFor()
  const found = await read(now, id)
  check(found.kind === 'exchange', `an exchange was opened, not ${found.kind}`)
  if (found.state === 'submitted') {
    await press(page, t('do.approve'))
    await press(await dialogOf(now, agent, 'approve an exchange'), t('approve.send'))
  }
  await state(page, t('case.state.await_return'))
  return id
}

async function inspected(now, id) {
  const { chief, run } = now
  const { page, t } = chief
  await open(chief, id)
  await press(page, t('do.receive'))
  let dialog = await dialogOf(now, chief, 'receive')
  await press(dialog, t('odd.add'))
  await dialog.getByLabel(t('odd.what')).selectOption('extra')
  await press(dialog, t('receive.send'))
  await dialog.getByText(t('odd.need'), { exact: true }).waitFor()
  await dialog.getByLabel(t('odd.name')).fill('充电线')
  await inspect(page, 'something else in the parcel', now.wrong)
  await run.shot(page, 'desk-receive', false)
  await press(dialog, t('receive.send'))
  await dialog.waitFor({ state: 'hidden' })
  await page
    .getByRole('region', { name: t('odd.panel') })
    .getByText('充电线')
    .waitFor()
  await press(page, t('do.grade'))
  dialog = await dialogOf(now, chief, 'grade')
  await dialog.getByRole('radiogroup').getByText(t('grade.A')).click()
  await press(dialog, t('grade.why.as_new'))
  await run.shot(page, 'desk-grade', false)
  await press(dialog, t('grade.send'))
  await dialog.waitFor({ state: 'hidden' })
  const head = page.locator('main header')
  const due = head.getByText(t('outbound.held_for_payment'), { exact: true })
  await head.getByText(t('state.sending'), { exact: true }).or(due).first().waitFor()
}

/** The label of an exchange costs the customer something: the shop does not insist. */
async function waived(now, id) {
  const { page, t } = now.chief
  await page.goto(`/console/charges?case=${id}`)
  await press(page, t('charges.waive'))
  const dialog = await dialogOf(now, now.chief, 'waive a charge')
  await press(dialog, t('charges.waive'))
  await dialog.getByText(t('charges.need_reason'), { exact: true }).waitFor()
  await dialog.getByLabel(t('charges.reason'), { exact: true }).fill('运费由我们承担')
  await now.run.shot(page, 'desk-waive', false)
  await press(dialog, t('charges.waive'))
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(t('charge.state.waived'), { exact: true }).first().waitFor()
}

async function shipped(now, id) {
  const { chief, run } = now
  const { page, t } = chief
  if ((await read(now, id)).exchange.due) await waived(now, id)
  await open(chief, id)
  await press(page, t('do.ship'))
  const dialog = await dialogOf(now, chief, 'ship')
  await dialog.getByLabel(t('hand_over.carrier'), { exact: true }).fill('SF')
  await press(dialog, t('ship.send'))
  await dialog.getByText(t('ship.need_both'), { exact: true }).waitFor()
  await dialog.getByLabel(t('hand_over.tracking'), { exact: true }).fill(`SF${Date.now()}`)
  await dialog.getByLabel(t('settings.to_lines'), { exact: true }).fill('江南大道 1 号')
  await run.shot(page, 'desk-ship', false)
  await press(dialog, t('ship.send'))
  await dialog.waitFor({ state: 'hidden' })
  await state(page, t('case.state.await_confirm'))
  await inspect(page, 'replacement sent', now.wrong)
  await run.shot(page, 'desk-shipped', false)
  await page.keyboard.press('c')
  await press(await dialogOf(now, chief, 'confirm'), t('do.confirm'))
  await state(page, t('case.state.completed'))
  await until('the new units have an order of their own', async () => (await read(now, id)).exchange.order)
}

async function reopened(now, id) {
  const { agent, chief, run } = now
  const { t } = agent
  await open(agent, id)
  await press(agent.page, t('do.reopen'))
  const dialog = await dialogOf(now, agent, 'propose to reopen')
  await press(dialog, t('reopen.propose'))
  await dialog.getByText(t('reopen.need_why'), { exact: true }).waitFor()
  await dialog.getByLabel(t('reopen.why'), { exact: true }).fill('换货晚到，客户要求补偿')
  await dialog.getByLabel(new RegExp(`^${t('reopen.amount')}`)).fill('5')
  await press(dialog, t('reopen.propose'))
  await dialog.waitFor({ state: 'hidden' })
  await agent.page.getByText(t('reopen.waits'), { exact: true }).waitFor()
  check((await agent.page.getByRole('button', { name: t('reopen.agree') }).count()) === 0, 'nobody agrees with himself')
  // The other person sees it without asking for it.
  const proposal = chief.page.getByRole('region', { name: t('reopen.title') })
  await proposal.waitFor()
  await inspect(chief.page, 'a proposal to reopen', now.wrong)
  await run.shot(chief.page, 'desk-reopen', false)
  await press(proposal, t('reopen.agree'))
  await press(await dialogOf(now, chief, 'agree to reopen'), t('reopen.agree'))
  await chief.page.getByRole('dialog').waitFor({ state: 'hidden' })
  await proposal.waitFor({ state: 'hidden' })
  // A job pays it, or finds that nobody but a person can.
  const adjusted = async () => (await read(now, id)).money.payouts.filter((one) => one.purpose === 'adjustment')
  const goodwill = await until('the goodwill goes out', adjusted, (all) => all.length > 0 && all.every((one) => ['manual', 'succeeded', 'failed'].includes(one.state)))
  check(goodwill.length === 1 && goodwill[0].amount.minor === 500, 'the goodwill goes out once')
  if (goodwill[0].state === 'manual') await paidByHand(now, id)
  await open(chief, id)
  const head = chief.page.locator('main header')
  const asks = head.getByText(t('case.state.await_confirm'), { exact: true })
  await head.getByText(t('case.state.completed'), { exact: true }).or(asks).first().waitFor()
  await until('the goodwill is paid', async () => (await read(now, id)).money.paid.minor, 500)
  await run.shot(chief.page, 'desk-reopened', false)
}

/** What no provider can pay, a person does. */
async function paidByHand(now, id) {
  const { page, t } = now.chief
  await page.goto(`/console/payouts?case=${id}`)
  await press(page, t('payouts.mark_paid'))
  const dialog = await dialogOf(now, now.chief, 'paid by hand')
  await dialog.getByLabel(t('payouts.reference'), { exact: true }).fill('BANK-1')
  await press(dialog, t('payouts.mark_paid'))
  await dialog.waitFor({ state: 'hidden' })
}

/** Pages about money and goods, each as somebody who may see them. */
async function books(now, id) {
  const { chief, run } = now
  const { page, t } = chief
  for (const [path, title] of [
    [`payouts?case=${id}`, 'nav.payouts'],
    ['chargebacks', 'nav.chargebacks'],
    [`charges?case=${id}`, 'nav.charges'],
    [`clearing?case=${id}`, 'nav.clearing'],
    [`stock?case=${id}`, 'nav.stock'],
    ['products', 'nav.products'],
    ['audit', 'nav.audit'],
  ]) {
    await page.goto(`/console/${path}`)
    await page.getByRole('heading', { name: t(title), level: 1 }).waitFor()
    await settled(page)
    await inspect(page, path, now.wrong)
  }
  await page.goto(`/console/stock?case=${id}`)
  await page.getByRole('table').getByText(t('books.place.restock'), { exact: true }).first().waitFor()
  await run.shot(page, 'desk-stock', false)
}
