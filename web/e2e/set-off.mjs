// What a promise paid for a wrong stands with a claim by law for the same one:
// each page says what the sum is made of.
import { call, check, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { choose, lookUp, send } from './portal.mjs'

const path = '/v1/policies/standard'
const contact = 'fake@example.com'
const title = '真丝围巾 Silk scarf'
const api = ({ run }, method, at, body) => call(run, run.key, method, at, body, { 'If-Match': '*' })

export async function walk(browser, run) {
  const wrong = []
  const t = await texts('zh-CN')
  const now = { run, wrong, t }
  await run.step('the shop promises twice the price for a fake', () => promised(now))
  const customer = run.with(await person(browser, run, { viewport: phone }))
  now.page = customer.page
  now.order = await run.step('a customer bought one', () => ordered(now, customer))
  await run.step('the promise is kept', () => kept(now))
  await run.step('the law is asked for the same', () => claimed(now))
  const staff = run.with(await signIn(browser, run, 'supervisor', { language: 'en' }))
  await run.step('the desk sees the sum', () => seen(now, staff))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function promised(now) {
  const { run } = now
  const { name, rules } = await call(run, run.publisher, 'GET', path)
  rules.compensation = { ...rules.compensation, goodwill: { CNY: 5000 } }
  rules.promises = [
    {
      code: 'fake_double',
      multiple: 200,
      auto_approve: { CNY: 1_000_000 },
      says: { 'zh-CN': '假一赔二', en: 'Twice the price for a fake' },
    },
  ]
  if (!rules.reasons.some((one) => one.code === 'counterfeit'))
    rules.reasons.push({ code: 'counterfeit', photos: 'none', freight: 'seller', claim: 'fraud' })
  const { version } = await api(now, 'PUT', `${path}/draft`, { name, rules, note: 'promises' })
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
  const number = `SO-${Date.now()}`
  const day = new Date(Date.now() - 24 * 3_600_000).toISOString()
  const { id } = await api(now, 'POST', '/v1/orders', {
    number,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day,
    delivered_at: day,
    customer: { name: '何静', email: contact, language: 'zh-CN' },
    lines: [{ sku: 'SILK', title, category: 'clothing', quantity: 1, unit_price: 30000 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-${number}`, amount: 30000 }],
  })
  await lookUp(customer, run, t, { number, contact })
  return id
}

async function kept(now) {
  const { page, wrong } = now
  let fake = await api(now, 'POST', '/v1/cases', {
    order: now.order,
    kind: 'return_refund',
    items: [{ line: 1, quantity: 1, reason: 'counterfeit' }],
  })
  const act = async (body) => (fake = await api(now, 'POST', `/v1/cases/${fake.id}/actions`, body))
  if (fake.state === 'submitted') await act({ action: 'approve' })
  await act({ action: 'receive', items: [{ line: 1, quantity: 1 }] })
  await act({ action: 'grade', items: [{ line: 1, count: 1, grade: 'A', disposition: 'restock' }] })
  now.paid = fake.promised[0]
  check(now.paid.amount.minor === 60_000 && now.paid.number, `promised are ${JSON.stringify(fake.promised)}`)
  await page.goto(`/cases/${fake.id}`)
  await page.getByRole('link', { name: now.paid.number, exact: true }).waitFor()
  const row = page.locator('p', { has: page.getByRole('link', { name: now.paid.number, exact: true }) })
  check(
    (await row.innerText()).replace(/\s+/g, ' ').includes(`假一赔二 ${now.paid.number}`),
    `it reads ${await row.innerText()}`,
  )
  await inspect(page, 'a promise that was kept', wrong)
}

/** Nothing can be sent back any more, and the law can be asked for still. */
async function claimed(now) {
  const { run, page, t, wrong } = now
  await page.goto(`/orders/${now.order}`)
  await page.getByRole('link', { name: t('order.start'), exact: true }).click()
  const group = page.getByRole('group', { name: title, exact: true })
  // Whether money alone can be asked for is the server's answer.
  await group.getByRole('checkbox', { disabled: false }).setChecked(true, { force: true })
  await choose(page, t, 'compensation')
  await page.getByRole('radio', { name: t('basis.statutory') }).check({ force: true })
  await page.getByLabel(t('apply.claim.amount'), { exact: true }).fill('900')
  await page.locator('#refund [aria-busy=false]').waitFor()
  await inspect(page, 'a claim by law', wrong)
  await run.shot(page, 'set-off-form')
  now.id = await send({ page }, run, t)
  const row = page.locator('p', { hasText: t('money.set_off') })
  await row.waitFor()
  const said = (await row.innerText()).replace(/\s+/g, ' ')
  check(said.includes(now.paid.number) && /-.?¥?600\.00|−.?600\.00/.test(said), `set off is told as ${said}`)
  const found = await api(now, 'GET', `/v1/cases/${now.id}`)
  check(found.money.quoted.total.minor === 30_000, `quoted are ${found.money.quoted.total.minor}`)
  await page.getByText('300.00').first().waitFor()
  await inspect(page, 'what was paid before', wrong)
  await sideways(page, narrow, phone, 'what was paid before', wrong)
  await run.shot(page, 'set-off-claim')
}

async function seen({ run, id, paid, wrong, page: customer, t: words }, { page, t }) {
  await page.goto(`/console/cases/${id}`)
  const row = page.locator('p, li, div', { hasText: t('claim.set_off') }).last()
  await row.waitFor()
  check((await page.locator('main').innerText()).includes(paid.number), 'which case paid is not said')
  await inspect(page, 'set off at the desk', wrong)
  await row.scrollIntoViewIfNeeded()
  await run.shot(page, 'set-off-console', false)
  await sideways(page, narrow, desk, 'set off at the desk', wrong)
  await call(run, run.key, 'POST', `/v1/cases/${id}/actions`, { action: 'approve' }, { 'If-Match': '*' })
  await customer.getByText(words('case.money.total')).first().waitFor()
}
