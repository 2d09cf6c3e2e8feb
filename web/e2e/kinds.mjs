// What a customer can ask for besides a return: a refund without sending
// anything, a part of the money by agreement, another try after a refusal, and
// the same article again. The shop's answers come from a program.
import { call, check, person, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { choose, fillReturn, lookUp, send } from './portal.mjs'
import { until } from './wait.mjs'

const headphones = '声悦 X2 降噪耳机 SoundJoy X2'
const shirts = '云麦 长绒棉 T 恤 Cotton T-shirt'
const briefs = '云麦 莫代尔内裤 Modal briefs'

export async function walk(browser, run) {
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run))
  const wrong = []
  const now = { ...me, t, run, wrong }
  await run.step('sign in', () => lookUp(me, run, t, run.buyers.kinds))
  now.order = new URL(me.page.url()).pathname
  await run.step('refund only', () => refundOnly(now))
  await run.step('an offer is accepted', () => offerAccepted(now))
  await run.step('amend after a refusal', () => amended(now))
  await run.step('exchange for the same', () => exchanged(now))
  check(wrong.length === 0, wrong.join('\n'))
}

const see = (page, text) => page.getByText(text, { exact: true }).first().waitFor()
const act = ({ run }, id, body) => call(run, run.key, 'POST', `/v1/cases/${id}/actions`, body, { 'If-Match': '*' })
const read = ({ run }, id) => call(run, run.key, 'GET', `/v1/cases/${id}`)

/** Asks for something from the page of the order, and answers the id of its case. */
async function ask(now, wish, kind, as) {
  const { page, run, t } = now
  await page.goto(now.order)
  await fillReturn(now, run, t, [wish])
  await choose(page, t, kind)
  await run.shot(page, `kinds-${as}-form`)
  await inspect(page, `${as} form`, now.wrong)
  return send(now, run, t)
}

/** Presses a button of the page and then the one of the dialog it opens. */
async function confirm(page, button, action) {
  await page.getByRole('button', { name: button, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await dialog.getByRole('button', { name: action, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

async function refundOnly(now) {
  const { page, run, t } = now
  const id = await ask(now, { title: briefs, reason: 'defective', photo: run.photo }, 'refund_only', 'refund')
  await see(page, t('case.now.submitted'))
  await act(now, id, { action: 'approve', note: '已核实，不用寄回' })
  await see(page, t('case.now.completed'))
  const found = await read(now, id)
  check(found.kind === 'refund_only' && found.parcels.length === 0, 'nothing is sent back')
  check(found.money.paid.minor > 0, 'the money was paid')
  await run.shot(page, 'kinds-refund-done')
}

async function offerAccepted(now) {
  const { page, run, t } = now
  const id = await ask(now, { title: headphones, reason: 'no_longer_needed' }, 'return_refund', 'offer')
  await see(page, t('case.now.submitted'))
  await act(now, id, { action: 'offer', offer_kind: 'partial', amount: 10000, comment: '不用寄回，退您 100 元' })
  await see(page, t('case.now.negotiating'))
  await run.shot(page, 'kinds-offer')
  await inspect(page, 'offer', now.wrong)
  await page.getByRole('button', { name: t('offer.counter'), exact: true }).click()
  const dialog = page.getByRole('dialog', { name: t('offer.title') })
  const sum = dialog.getByLabel(t('offer.amount'), { exact: true })
  await sum.fill('9999999')
  await dialog.getByRole('button', { name: t('offer.send'), exact: true }).click()
  await until('more than was asked for is not sent', () => sum.getAttribute('aria-invalid'), 'true')
  await inspect(page, 'counter-offer', now.wrong)
  await sum.fill('200')
  await dialog.getByRole('button', { name: t('offer.send'), exact: true }).click()
  await see(page, t('case.now.negotiating.mine'))
  await act(now, id, { action: 'offer', offer_kind: 'partial', amount: 15000, comment: '最多 150 元' })
  await see(page, t('case.now.negotiating'))
  await confirm(page, t('offer.accept'), t('offer.accept'))
  await see(page, t('case.now.completed'))
  const found = await read(now, id)
  check(found.money.paid.minor === 15000, `paid are ${found.money.paid.minor}, agreed were 15000`)
  check(found.offers.map((one) => one.state).join() === 'replaced,replaced,accepted', 'three offers, the last accepted')
}

async function amended(now) {
  const { page, run, t } = now
  const id = await ask(now, { title: shirts, reason: 'not_as_described', quantity: 1 }, 'refund_only', 'amend')
  await see(page, t('case.now.submitted'))
  await act(now, id, { action: 'refuse', reason_code: 'no_evidence', comment: '请寄回商品后再退款' })
  await see(page, t('case.now.rejected'))
  await run.shot(page, 'kinds-refused')
  await inspect(page, 'refused', now.wrong)
  await page.getByRole('link', { name: t('again.start') }).click()
  await page.getByRole('heading', { name: t('again.page'), level: 1 }).waitFor()
  const group = page.getByRole('group', { name: shirts, exact: true })
  await until('the goods of the refused request are chosen', () => group.getByRole('checkbox').isChecked())
  await until('and so is their reason', () => group.locator('input[type=radio]:checked').inputValue(), 'not_as_described')
  await choose(page, t, 'return_refund')
  await run.shot(page, 'kinds-amend-form')
  await page.getByRole('button', { name: t('apply.submit') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('confirm.action') }).click()
  await page.waitForURL(/\/cases\/case_/)
  await see(page, t('case.now.submitted'))
  const found = await read(now, id)
  check(found.kind === 'return_refund' && found.amendments.used === 1, 'the same case asks for a return now')
  await act(now, id, { action: 'approve' })
  await see(page, t('case.now.await_return'))
}

async function exchanged(now) {
  const { page, run, t } = now
  const id = await ask(now, { title: shirts, reason: 'not_as_described', quantity: 1 }, 'exchange', 'exchange')
  let found = await read(now, id)
  if (found.state === 'submitted') found = await act(now, id, { action: 'approve' })
  await see(page, t('case.now.await_return'))
  await confirm(page, t('parcel.handed'), t('handover.action'))
  await see(page, t('case.now.returning'))
  await act(now, id, { action: 'receive', items: [{ line: 2, quantity: 1 }] })
  await see(page, t('case.now.inspecting'))
  await act(now, id, { action: 'grade', items: [{ line: 2, count: 1, grade: 'A', disposition: 'restock' }] })
  await see(page, t('case.now.resolving.send'))
  const address = { name: '客户', lines: ['江南大道 1 号'], city: '杭州' }
  await act(now, id, { action: 'ship', carrier: 'SF', tracking: `SF${Date.now()}`, address })
  await see(page, t('case.now.await_confirm'))
  await run.shot(page, 'kinds-exchange-sent')
  await inspect(page, 'exchange', now.wrong)
  await confirm(page, t('received.ask'), t('received.action'))
  await see(page, t('case.now.completed.exchange'))
  found = await read(now, id)
  check(found.state === 'completed' && found.exchange.items[0].same, 'the same article went out')
  check(found.money.paid.minor === 0, 'and no money')
}
