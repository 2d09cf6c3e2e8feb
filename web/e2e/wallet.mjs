// A wallet with something in it: a refund comes back as store credit, staff add
// and take off with a reason, the customer spends; and what each side sees of it.
import { call, check, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { settled, until } from './wait.mjs'

const languages = ['zh-CN', 'zh-TW', 'en']
const api = ({ run }, method, path, body) => call(run, run.key, method, path, body, { 'If-Match': '*' })
const till = ({ run }, method, path, body) => call(run, run.till, method, path, body)
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

export async function walk(browser, run) {
  const wrong = []
  const all = { browser, run, wrong, who: run.kept[3] }
  const buyer = run.with(await run.step('the customer signs in', () => person(browser, run, { viewport: phone })))
  buyer.t = await texts('zh-CN')
  await lookUp(buyer, run, buyer.t, all.who)
  await run.step('there is nothing yet', () => nothing(all, buyer))
  await run.step('a refund pays a part in', () => refunded(all))
  const staff = run.with(await run.step('staff sign in', () => signIn(browser, run, 'supervisor')))
  await run.step('staff see it', () => seen(all, staff))
  await run.step('what cannot be is told', () => refusals(all, staff))
  await run.step('staff add with a reason', () => adds(all, staff))
  await run.step('more than a day allows is told', () => tooMuch(all, staff))
  await run.step('it is spent', () => spent(all, staff))
  await run.step('the changes are found by kind', () => found(all, staff))
  await staff.context.close()
  for (const language of languages) await run.step(`the pages in ${language}`, () => pages(all, buyer, language))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function looks({ run, wrong }, page, what, schemes = ['light', 'dark']) {
  await settled(page)
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${what} ${colorScheme}`, wrong)
  }
  await run.shot(page, `wallet-${what.replaceAll(' ', '-')}`)
}

async function nothing(all, { page, t }) {
  await page.goto('/orders')
  await page.getByRole('link', { name: t('wallet.mine'), exact: true }).click()
  await page.getByText(t('wallet.mine.none'), { exact: true }).waitFor()
  await looks(all, page, 'nothing yet')
}

/** The goods were never as described: the shop lets the customer keep them. */
async function refunded(all) {
  const { items } = await api(all, 'GET', `/v1/orders?q=${all.who.number}`)
  const lines = [{ line: 1, quantity: 1, reason: 'not_as_described' }]
  let made = await api(all, 'POST', '/v1/cases', { kind: 'refund_only', order: items[0].id, items: lines })
  if (made.state === 'submitted') made = await api(all, 'POST', `/v1/cases/${made.id}/actions`, { action: 'approve' })
  all.case = made.id
}

const row = (page, t, kind) => page.getByRole('row').filter({ has: page.getByText(t(`wallet.entry.${kind}`), { exact: true }) })

async function seen(all, { page, t }) {
  await page.goto(`/console/cases/${all.case}`)
  await page.locator('a[href*="/wallet"]').first().click()
  await page.waitForURL(/customers\/cus_\w+\/wallet/)
  all.customer = new URL(page.url()).pathname.split('/').at(-2)
  // The refund is paid by a job: the page is read again once it is there.
  await until('the refund is in the wallet', async () => (await till(all, 'GET', `/v1/customers/${all.customer}/wallet`)).items.length)
  await page.reload()
  const line = row(page, t, 'refunded')
  await line.getByText('200.00').first().waitFor()
  await looks(all, page, 'a refund came in')
  await line.getByRole('link').first().click()
  await page.waitForURL(`**/console/cases/${all.case}`)
  await page.goBack()
}

const dialogOf = (page, t) => page.getByRole('dialog', { name: t('wallet.change') })

async function refusals(all, { page, t }) {
  await press(page, t('wallet.change'))
  const dialog = dialogOf(page, t)
  await press(dialog, t('act.save'))
  await dialog.getByText(t('policies.bad_amount')).waitFor()
  await dialog.getByText(t('charges.need_reason')).waitFor()
  await dialog.getByText(t('wallet.take'), { exact: true }).click()
  await dialog.getByLabel(t('payouts.amount')).fill('200.01')
  await dialog.getByLabel(t('charges.reason')).fill('算错了')
  await press(dialog, t('act.save'))
  await dialog.getByText(t('problem.wallet.not_enough')).waitFor()
  await looks(all, page, 'more than there is')
  await press(dialog, t('act.cancel'))
  await dialog.waitFor({ state: 'hidden' })
}

async function adds(all, { page, t }) {
  await press(page, t('wallet.change'))
  const dialog = dialogOf(page, t)
  await dialog.getByLabel(t('payouts.amount')).fill('50')
  await dialog.getByLabel(t('wallet.until')).fill(`${new Date().getFullYear() + 1}-12-31`)
  await dialog.getByLabel(t('charges.reason')).fill('包裹晚到，补偿客户')
  await looks(all, page, 'adding')
  await press(dialog, t('act.save'))
  await dialog.waitFor({ state: 'hidden' })
  const line = row(page, t, 'adjusted')
  await line.getByText('包裹晚到，补偿客户').waitFor()
  await line.getByText('250.00').first().waitFor()
}

/** A supervisor may add as much as a day allows. */
async function tooMuch(all, { page, t }) {
  await press(page, t('wallet.change'))
  const dialog = dialogOf(page, t)
  await dialog.getByLabel(t('payouts.amount')).fill('450.01')
  await dialog.getByLabel(t('charges.reason')).fill('再补偿')
  await press(dialog, t('act.save'))
  await dialog.getByText(t('problem.wallet.limit')).waitFor()
  await looks(all, page, 'more than a day allows', ['light'])
  await press(dialog, t('act.cancel'))
  await dialog.waitFor({ state: 'hidden' })
}

async function spent(all, { page, t }) {
  const body = { action: 'spend', kind: 'store_credit', unit: 'CNY', amount: 12050, order: 'NEXT-1' }
  await till(all, 'POST', `/v1/customers/${all.customer}/wallet/entries`, body)
  await page.reload()
  const line = row(page, t, 'spent')
  await line.getByText('129.50').first().waitFor()
  await line.getByText('NEXT-1').waitFor()
}

async function found(all, { page, t }) {
  await until('a head and three changes', () => page.getByRole('row').count(), 4)
  await page.getByLabel(t('wallet.kind_of'), { exact: true }).selectOption('adjusted')
  await row(page, t, 'spent').waitFor({ state: 'detached' })
  await row(page, t, 'adjusted').waitFor()
  await page.getByLabel(t('wallet.kind_of'), { exact: true }).selectOption('expired')
  await page.getByText(t('wallet.no_match')).waitFor()
  await looks(all, page, 'no change of this kind', ['light'])
  const file = await page.request.get(await page.locator('a[href*="statement.csv"]').first().getAttribute('href'))
  const text = await file.text()
  check(text.trim().split('\n').length === 4 && text.includes('-120.50') && text.includes('包裹晚到'), `the statement: ${text}`)
}

/** What both sides have in the end. */
async function pages(all, buyer, language) {
  const { browser, run, wrong } = all
  const me = run.with(await signIn(browser, run, 'supervisor', { language }))
  await me.page.goto(`/console/customers/${all.customer}/wallet?name=${encodeURIComponent(all.who.name)}`)
  await row(me.page, me.t, 'spent').waitFor()
  await looks(all, me.page, `the wallet in ${language}`, language === 'en' ? ['light'] : ['light', 'dark'])
  await sideways(me.page, narrow, desk, `the wallet in ${language}`, wrong)
  await me.context.close()
  const mine = run.with(await person(browser, run, { viewport: phone, language }))
  await mine.context.addCookies(await buyer.context.cookies())
  const t = await texts(language)
  await mine.page.goto('/wallet')
  await mine.page.getByText(t('wallet.entry.spent'), { exact: true }).waitFor()
  for (const text of ['129.50', '120.50', '50.00', '200.00']) await mine.page.getByText(text).first().waitFor()
  check(!(await mine.page.content()).includes('包裹晚到'), 'the reason is for staff')
  await looks(all, mine.page, `what the customer sees in ${language}`, language === 'en' ? ['light'] : ['light', 'dark'])
  await sideways(mine.page, narrow, phone, `what the customer sees in ${language}`, wrong)
  await mine.page.getByRole('link', { name: t('wallet.mine.case'), exact: true }).click()
  await mine.page.waitForURL(`**/cases/${all.case}`)
  await mine.context.close()
}
