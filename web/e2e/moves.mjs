// What happens beside the way of a case: where a replacement goes, why something
// cannot be done now, a bank that asks for the money back, and balances.
import { call, check, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { sender } from './sealed-customer.mjs'

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: true },
]

export async function walk(browser, run) {
  const wrong = []
  const customer = run.with(await person(browser, run, { viewport: phone }))
  const t = await texts('zh-CN')
  const me = { run, wrong, page: customer.page, t }
  await run.step('a customer signs in', () => lookUp(customer, run, t, run.buyers.moves))
  me.order = new URL(customer.page.url()).pathname.split('/').pop()
  await run.step('an exchange is approved', () => exchange(me))
  await run.step('the customer says where it goes', () => whereto(me))
  for (const look of looks) {
    const staff = run.with(await signIn(browser, run, 'administrator', look))
    const now = { ...me, page: staff.page, t: await texts(look.language), ...look }
    await run.step(`why not, in ${look.language}`, () => whyNot(now))
    if (look === looks[0]) await run.step('staff change where it goes', () => byPhone(now))
    await run.step(`a chargeback in ${look.language}`, () => chargeback(now, look === looks[0]))
    await run.step(`balances in ${look.language}`, () => balances(now))
    await run.step(`pick-ups and stopped parcels in ${look.language}`, () => onTheWay(now))
    await staff.context.close()
  }
  await run.step('the customer sees it', () => seen(me))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

const api = ({ run }, method, path, body) => call(run, run.key, method, path, body, { 'If-Match': '*' })
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

async function exchange(me) {
  const items = [{ line: 2, quantity: 1, reason: 'not_as_described' }]
  let found = await api(me, 'POST', '/v1/cases', { kind: 'exchange', order: me.order, items, language: 'zh-CN' })
  if (found.state === 'submitted') found = await api(me, 'POST', `/v1/cases/${found.id}/actions`, { action: 'approve' })
  me.id = found.id
}

/** Fills in another address, as either page asks for it. */
async function fillAddress(from, t, name) {
  await from.getByLabel(t('whereto.name'), { exact: true }).fill(name)
  await from.getByLabel(t('whereto.street'), { exact: true }).fill('中山路 88 号')
}

async function whereto({ page, run, t, id, wrong }) {
  await page.goto(`/cases/${id}`)
  await press(page, t('whereto.give'))
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: t('whereto.save'), exact: true }) })
  await form.getByLabel(t('whereto.name'), { exact: true }).fill('')
  await press(form, t('whereto.save'))
  await form.getByText(t('whereto.missing')).waitFor()
  await fillAddress(form, t, '顾安')
  await inspect(page, 'another address', wrong)
  await run.shot(page, 'moves-address')
  await press(form, t('whereto.save'))
  await page.getByText(t('whereto.done')).first().waitFor()
  await page.getByText(/中山路 \*+/).first().waitFor()
}

async function whyNot({ page, run, t, id, wrong, language }) {
  await page.goto(`/console/cases/${id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByText(/中山路 \*+/).first().waitFor()
  await page.keyboard.press('.')
  const sheet = page.getByRole('dialog', { name: t('sheet.title') })
  await sheet.getByText(t('sheet.not_now')).waitFor()
  check((await sheet.locator('dt').count()) > 2, 'there are reasons for what cannot be done')
  const untold = await sheet.locator('dt').evaluateAll((all) => all.map((one) => one.textContent).filter((one) => /blocked\.|undefined|\{/.test(one)))
  check(untold.length === 0, `reasons without words: ${untold}`)
  await inspect(page, `why not, ${language}`, wrong)
  await run.shot(page, `moves-why-${language}`, false)
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
}

async function byPhone({ run, page, t, id, wrong }) {
  await page.keyboard.press('.')
  const sheet = page.getByRole('dialog', { name: t('sheet.title') })
  await sheet.getByRole('button', { name: new RegExp(`^${t('do.address')}`) }).click()
  const dialog = page.getByRole('dialog').last()
  await fillAddress(dialog, t, '陈平')
  await inspect(page, 'an address by phone', wrong)
  await press(dialog, t('act.save'))
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(/陈\*+/).first().waitFor()
  check((await api({ run }, 'GET', `/v1/cases/${id}`)).delivery.to.name.startsWith('陈'), 'the case knows it')
}

async function chargeback(now, first) {
  const { page, run, t, id, order, wrong, language } = now
  if (first) await sender(page, run)('/v1/chargebacks', { order, tender: 't1', reason: 'disputed' })
  await page.goto('/console/chargebacks')
  await page.getByRole('heading', { name: t('nav.chargebacks'), level: 1 }).waitFor()
  await page.getByText(t('chargeback.state.open'), { exact: true }).first().waitFor()
  await inspect(page, `chargebacks, ${language}`, wrong)
  await page.goto(`/console/cases/${id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByText(/拒付|爭議|disputed with/i).first().waitFor()
  await inspect(page, `a case with a chargeback, ${language}`, wrong)
  await run.shot(page, `moves-chargeback-${language}`)
}

async function balances(now) {
  const { page, run, t, wrong, language } = now
  await page.goto(`/console/cases/${now.id}`)
  await page.locator('a[href*="/wallet"]').first().click()
  await page.getByRole('heading', { name: t('wallet.title'), level: 1 }).waitFor()
  await page.getByText(t('wallet.none'), { exact: true }).waitFor()
  await inspect(page, `a wallet, ${language}`, wrong)
  await sideways(page, narrow, desk, `a wallet, ${language}`, wrong)
  await run.shot(page, `moves-wallet-${language}`)
}

async function onTheWay({ page, run, t, wrong, language }) {
  for (const [path, none] of [
    ['pickups', 'pickups.none'],
    ['stopped', 'stopped.none'],
  ]) {
    await page.goto(`/console/${path}`)
    await page.getByRole('heading', { name: t(`nav.${path}`), level: 1 }).waitFor()
    await page.getByText(t(none), { exact: true }).waitFor()
    await inspect(page, `${path}, ${language}`, wrong)
    await sideways(page, narrow, desk, `${path}, ${language}`, wrong)
    await run.shot(page, `moves-${path}-${language}`, false)
  }
}

async function seen({ page, run, id, wrong }) {
  await page.goto(`/cases/${id}`)
  await page.getByText(/陈\*+/).first().waitFor()
  await inspect(page, 'the case as the customer sees it', wrong)
  await sideways(page, narrow, phone, 'the case as the customer sees it', wrong)
  await run.shot(page, 'moves-customer')
}
