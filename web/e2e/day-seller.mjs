// A seller's day in a marketplace: the own cases are decided within the own
// rights, what is taken from the own share is seen, and nothing of others is.
import { call, check, desk, narrow, phone } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { openCase } from './staff.mjs'
import { settled, until } from './wait.mjs'

const own = ['cases', 'insight', 'ratings', 'orders', 'clearing', 'stock', 'products', 'pickups', 'stopped', 'rights', 'policies', 'calendars']
/** Of those, the ones that the seller asks for by address. */
const refused = ['payouts', 'customers', 'staff', 'audit', 'jobs']
const closed = [
  'payouts',
  'chargebacks',
  'charges',
  'customers',
  'backtests',
  'jobs',
  'audit',
  'log',
  'reads',
  'staff',
  'settings',
  'brand',
  'payment-accounts',
  'carriers',
  'templates',
  'webhooks',
  'warehouse',
]

export async function walk(browser, run) {
  const wrong = []
  const foreign = await openCase(run, run.buyers.whole)
  const theirs = await Promise.all(run.sold.map((number) => asked(run, number)))
  const me = run.with(await run.step('the seller signs in', () => signIn(browser, run, 'seller', { viewport: desk })))
  const now = { ...me, run, wrong, theirs, foreign }
  await run.step('sees the own cases only', () => cases(now))
  await run.step('grants one', () => grants(now))
  await run.step('offers part of the money for another', () => offers(now))
  await run.step('refuses the third with a ground', () => refuses(now))
  await run.step('sees what is taken from the share', () => share(now))
  await run.step('opens the own pages', () => pages(now))
  await run.step('cannot open what is not theirs', () => strange(now))
  await me.context.close()
  await run.step('on the phone, in the dark', () => small(browser, now))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** A request for the goods of an order of the seller, money only. */
async function asked(run, number) {
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${number}`)
  return call(run, run.key, 'POST', '/v1/cases', {
    order: orders.items[0].id,
    kind: 'refund_only',
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
    comment: '颜色与页面不一致',
  })
}

async function looks(page, what, wrong, usual = desk) {
  await inspect(page, what, wrong)
  await sideways(page, narrow, usual, what, wrong)
}

async function cases({ page, t, run, wrong, theirs, foreign }) {
  await page.goto('/console/cases?tab=all')
  for (const one of theirs) await page.getByRole('link').filter({ hasText: one.number }).first().waitFor()
  const hidden = await call(run, run.key, 'GET', `/v1/cases/${foreign}`)
  check(!(await page.content()).includes(hidden.number), 'a case of the shop’s own is in the list')
  const rail = await page
    .getByRole('navigation')
    .getByRole('link')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href').replace('/console/', '').replace(/[?/].*/, '')))
  for (const name of closed) check(!rail.includes(name), `the seller is led to ${name}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await looks(page, 'the cases of a seller', wrong)
  await run.shot(page, 'day-seller-cases', false)
  check(t('nav.cases').length > 0, 'words are there')
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click()

async function grants({ page, t, run, wrong, theirs }) {
  await open({ page, t }, theirs[0].id)
  await looks(page, 'a case of a seller', wrong)
  await run.shot(page, 'day-seller-case', false)
  await press(page, t('do.approve'))
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('approve.note')).fill('同意退款')
  await inspect(page, 'a seller approves', wrong)
  await press(dialog, t('do.approve'))
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: t('do.approve'), exact: true }).waitFor({ state: 'hidden' })
}

async function offers({ page, t, run, wrong, theirs }) {
  await open({ page, t }, theirs[1].id)
  await press(page, t('do.offer'))
  const dialog = page.getByRole('dialog')
  await dialog.getByText(t('offers.hint.partial'), { exact: true }).click()
  await dialog.getByLabel(t('offers.amount'), { exact: true }).fill('30')
  await inspect(page, 'a seller offers', wrong)
  await dialog.getByRole('button', { name: t('offers.send'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: t('offers.take_back'), exact: true }).first().waitFor()
  await run.shot(page, 'day-seller-offer', false)
}

async function refuses({ page, t, run, wrong, theirs }) {
  await open({ page, t }, theirs[2].id)
  await press(page, t('do.refuse'))
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('refuse.send'), exact: true }).click()
  await dialog.getByText(t('refuse.need_comment')).waitFor()
  await inspect(page, 'a refusal without a word', wrong)
  await dialog.getByRole('radio').first().check()
  await dialog.getByLabel(t('refuse.comment'), { exact: true }).fill('照片与描述一致，如有异议请补充照片。')
  await dialog.getByRole('button', { name: t('refuse.send'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  const found = await call(run, run.key, 'GET', `/v1/cases/${theirs[2].id}`)
  check(found.state === 'rejected', `refused: ${found.state}`)
}

async function share({ page, t, run, wrong, theirs }) {
  // Booked by a job, once the refund was decided.
  await until('the refund is in the books', async () => (await (await page.request.get('/v1/clearing/entries')).json()).items.length)
  await page.goto('/console/clearing')
  await page.getByRole('heading', { level: 1 }).waitFor()
  const table = page.getByRole('table', { name: t('nav.clearing') })
  await table.getByText(run.sellerId).first().waitFor()
  const parties = await page.request.get('/v1/clearing/entries').then((one) => one.json())
  check(parties.items.length > 0, 'the refund is in the books')
  for (const one of parties.items) {
    check(one.party === run.sellerId, `an entry of ${one.party}`)
    check(one.case === theirs[0].id, `an entry of the case ${one.case}`)
  }
  const sum = parties.items.reduce((all, one) => all + one.amount.minor, 0)
  check(sum === -15456, `the goods without the commission are taken: ${sum}`)
  await looks(page, 'the books of a seller', wrong)
  await run.shot(page, 'day-seller-clearing', false)
}

async function pages({ page, t, run, wrong }) {
  for (const name of own) {
    await page.goto(`/console/${name}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await settled(page)
    check(!(await page.getByText(t('denied.title')).count()), `${name} is closed to a seller`)
    check(!(await page.getByText(t('problem.role.denied')).count()), `${name} asks for what a seller may not read`)
    await inspect(page, `${name} of a seller`, wrong)
    await run.shot(page, `day-seller-${name}`, false)
    const told = await page.content()
    if (/E2E-100\d|声悦|云麦/.test(told)) wrong.push(`${name} tells what is not the seller’s`)
  }
  for (const name of refused) {
    await page.goto(`/console/${name}`)
    await page.getByRole('heading', { name: t('denied.title') }).waitFor()
  }
}

async function strange({ page, t, run, wrong, foreign }) {
  const found = await call(run, run.key, 'GET', `/v1/cases/${foreign}`)
  await page.goto(`/console/cases/${foreign}`)
  await page.getByText(t('problem.cases.unknown')).first().waitFor()
  await inspect(page, 'a case of another seller', wrong)
  await run.shot(page, 'day-seller-strange', false)
  check(!(await page.content()).includes(found.number), 'the page tells the number')
  for (const path of [
    `/v1/cases/${foreign}`,
    `/v1/orders/${found.order.id}`,
    `/v1/live?case=${foreign}`,
    `/v1/cases/${foreign}/slots?day=2030-01-01`,
  ]) {
    const answer = await page.request.get(path)
    check(answer.status() === 404, `${path} is answered with ${answer.status()}`)
  }
  const act = await page.request.post(`/v1/cases/${foreign}/actions`, {
    data: { action: 'approve' },
    headers: { 'If-Match': '*', Origin: run.url },
  })
  check(act.status() === 404, `approving another’s case is answered with ${act.status()}`)
}

async function small(browser, { run, wrong, theirs }) {
  const me = run.with(await signIn(browser, run, 'seller', { viewport: phone, dark: true, language: 'en' }))
  const { page, t } = me
  await page.getByRole('link').filter({ hasText: theirs[1].number }).first().waitFor()
  await inspect(page, 'cases on the phone', wrong)
  await sideways(page, narrow, phone, 'cases on the phone', wrong)
  await run.shot(page, 'day-seller-phone-cases', false)
  await page.goto(`/console/cases/${theirs[1].id}`)
  await page.getByRole('button', { name: t('offers.take_back'), exact: true }).first().waitFor()
  await inspect(page, 'a case on the phone', wrong)
  await sideways(page, narrow, phone, 'a case on the phone', wrong)
  await run.shot(page, 'day-seller-phone-case', false)
  for (const name of ['clearing', 'orders', 'products', 'insight']) {
    await page.goto(`/console/${name}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await inspect(page, `${name} on the phone`, wrong)
    await sideways(page, narrow, phone, `${name} on the phone`, wrong)
    await run.shot(page, `day-seller-phone-${name}`, false)
  }
  await me.context.close()
}
