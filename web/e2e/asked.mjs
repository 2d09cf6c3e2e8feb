// A case that asks before it is decided: every kind of question answered on its
// page and the return approved. And a refusal, with its source and the way that
// is left.
import { call, check, narrow, person, phone, texts } from './browser.mjs'
import { inspect, sideways } from './inspect.mjs'
import { choose, fillReturn, lookUp, send } from './portal.mjs'

const shirt = '云麦 长绒棉 T 恤 Cotton T-shirt'
const number = 'E2E-ASKED'
const contact = 'he.ping@example.com'
const says = (text) => ({ 'zh-CN': text, 'zh-TW': text, en: text })
const needs = [
  { name: 'use.opened', type: 'bool' },
  { name: 'own.seen', type: 'date', says: says('您是哪天发现问题的？') },
  { name: 'own.pieces', type: 'number', says: says('有几件有问题？') },
  { name: 'own.where', type: 'choice', choices: ['领口', '袖口'], says: says('问题在哪里？') },
]
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString()
const see = (page, text) => page.getByText(text, { exact: true }).first().waitFor()
const read = ({ run }, id) => call(run, run.key, 'GET', `/v1/cases/${id}`)

export async function walk(browser, run) {
  const wrong = []
  const t = await texts('zh-CN')
  await run.step('the shop asks from now on', () => asking(run))
  const me = run.with(await person(browser, run))
  const now = { ...me, t, run, wrong }
  await run.step('sign in', () => lookUp(me, run, t, { number, contact }))
  const id = await run.step('what will be asked is told before', () => asked(now))
  await run.step('the questions are answered', () => answered(now, id))
  await run.step('a refusal says why', () => refused(now))
  check(wrong.length === 0, wrong.join('\n'))
}

/** Axe in both colour schemes, nothing sideways, and a picture of each. */
export async function looked({ page, run, wrong }, name) {
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator(`html.${scheme}`).waitFor()
    await inspect(page, `${name} ${scheme}`, wrong)
    await run.shot(page, `${name}-${scheme}`)
  }
  await sideways(page, narrow, phone, name, wrong)
}

/** A policy that asks, and an order that is placed under it. */
async function asking(run) {
  const { rules } = await call(run, run.key, 'GET', '/v1/policies/standard')
  const outcome = { outcome: 'ask', needs, evidence: ['photo'] }
  const asks = [
    ['id', 'asks'],
    ['when', 'true'],
    ['reasons', ['not_as_described']],
    ['then', outcome],
  ]
  rules.conditions = [...(rules.conditions ?? []), Object.fromEntries(asks)]
  const draft = { name: 'Standard', rules, note: 'asks' }
  const { version } = await call(run, run.key, 'PUT', '/v1/policies/standard/draft', draft, { 'If-Match': '*' })
  // Somebody else reads it before it is live.
  for (const action of ['review', 'activate']) {
    const note = 'read'
    await call(run, run.reader, 'POST', `/v1/policies/standard/versions/${version}/actions`, { action, note })
  }
  return placed(run, number, 0)
}

/** An order that arrived some days ago; its id. */
async function placed(run, named, ago) {
  const made = await call(run, run.key, 'POST', '/v1/orders', {
    number: named,
    source: 'shop',
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day(ago + 0.01),
    delivered_at: day(ago),
    customer: { name: '何平', email: contact, language: 'zh-CN' },
    lines: [{ sku: 'YM-TS', title: shirt, category: 'clothing', quantity: 1, unit_price: 9900 }],
    tenders: [{ kind: 'alipay', label: '支付宝', provider: 'test', reference: `pay-${named}`, amount: 9900 }],
  })
  return made.id
}

async function asked(now) {
  const { page, run, t } = now
  await fillReturn(now, run, t, [{ title: shirt, reason: 'not_as_described' }])
  await choose(page, t, 'return_refund')
  await see(page, t('decision.ask'))
  await page.getByText('问题在哪里？').first().waitFor()
  await looked(now, 'asked-before')
  return send(now, run, t)
}

async function answered(now, id) {
  const { page, run, t } = now
  const card = page.locator('form').filter({ hasText: '问题在哪里？' })
  await card.waitFor()
  await see(page, t('case.now.asked'))
  const go = card.getByRole('button', { name: t('needs.send'), exact: true })
  await go.click()
  await card.getByText(t('needs.missing'), { exact: true }).first().waitFor()
  await looked(now, 'asked-missing')
  check((await read(now, id)).needs.length === 5, 'nothing was sent')
  const group = (text) => card.getByRole('group', { name: text })
  await card.getByRole('radio', { name: t('rights.no'), exact: true }).check()
  await group('您是哪天发现问题的？').locator('input[type=date]').fill(new Date().toISOString().slice(0, 10))
  await group('有几件有问题？').locator('input[inputmode=numeric]').fill('1')
  await group('问题在哪里？').getByRole('radio', { name: '领口', exact: true }).check()
  await card.locator('input[type=file][multiple]').setInputFiles(run.photo)
  await card.getByRole('button', { name: t('photo.remove', { count: 1 }) }).waitFor()
  await card.getByLabel(t('photo.sending')).waitFor({ state: 'detached' })
  await looked(now, 'asked-filled')
  await go.click()
  await see(page, t('case.now.await_return'))
  await looked(now, 'asked-approved')
  const found = await read(now, id)
  check(found.decision.outcome === 'approve' && !found.needs?.length, `answered and ${found.decision.outcome}`)
}

async function refused(now) {
  const { page, run, t } = now
  const made = await call(run, run.key, 'POST', '/v1/cases', {
    order: await placed(run, 'E2E-LATE', 60),
    items: [{ line: 1, quantity: 1, reason: 'no_longer_needed' }],
  })
  await page.goto(`/cases/${made.id}`)
  await see(page, t('case.now.rejected'))
  await page.getByText(t('ground.law')).first().waitFor()
  await page.locator('cite').first().waitFor()
  await see(page, t('again.title'))
  await looked(now, 'asked-refused')
}
