// What happens to a version after it is written: refused because it takes a
// right away, read by somebody else, live, frozen into orders, retired.
import { call, check, person, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { fillReturn, lookUp } from './portal.mjs'

/** What the shop says of clothing, in languages that customers read. */
export const words = { en: 'Clothing is looked at by a person', de: 'Kleidung sieht sich ein Mensch an' }

const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()
const newest = (page) => page.locator('main li').first()

/** Does something with the newest version, saying why. */
async function act({ page, t, wrong }, action, note) {
  await press(page, t(`policy.action.${action}`))
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(new RegExp(`^${t('policy.why')}`)).fill(note)
  await inspect(page, action, wrong)
  await press(dialog, t(`policy.action.${action}`))
  return dialog
}
export async function did(now, action, note, state) {
  const dialog = await act(now, action, note)
  await dialog.first().waitFor({ state: 'hidden' })
  await newest(now.page)
    .getByText(now.t(`policy.state.${state}`), { exact: true })
    .waitFor()
}

const days = async ({ page, t }, value) => {
  await page.goto('/console/policies/standard/edit')
  await page.locator('[data-path="window_days"] input').first().fill(value)
  // That something was saved before is said from the beginning.
  const saved = page.waitForResponse((one) => one.request().method() === 'PUT' && one.url().endsWith('/draft'))
  await page.getByRole('button', { name: new RegExp(`^${t('policy.save')}`) }).click()
  check((await saved).ok(), 'the draft is saved')
  await page.getByText(t('policy.saved_at', { time: '' }).trim().slice(0, 4)).first().waitFor()
}

/** Three days are less than the law gives: it may be read, but it does not go live. */
export async function refused(now) {
  const { author, boss, run } = now
  await days(author, '3')
  const { page, t } = boss
  await page.goto('/console/policies/standard')
  await did({ ...now, ...boss }, 'review', '看过了', 'reviewed')
  const dialog = await act({ ...now, ...boss }, 'activate', '上线')
  const notice = dialog.getByRole('alert')
  await notice.getByText('CN-WD').first().waitFor()
  await run.shot(page, 'policies-refused', false)
  check((await notice.innerText()).includes('25'), 'the article of the law is cited')
  await page.keyboard.press('Escape')
  await dialog.first().waitFor({ state: 'hidden' })
  await did({ ...now, ...boss }, 'reject', '低于法定七日', 'draft')
  await newest(page)
    .locator('summary')
    .filter({ hasText: t('policy.steps', { count: '' }).split(/[（(]/)[0].trim().slice(0, 2) })
    .first()
    .click()
  await newest(page).getByText('低于法定七日').waitFor()
  await run.shot(page, 'policies-history', false)
  await days(author, '15')
}

/** An order is bought under what is live on that day, and keeps it. */
export async function frozen({ boss, run }) {
  const { page } = boss
  const live = await (await page.request.get('/v1/policies/standard')).json()
  const day = new Date().toISOString()
  const order = await call(run, run.key, 'POST', '/v1/orders', {
    number: `PL-${Date.now()}`,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day,
    customer: { name: '吴磊', email: 'wu.lei@example.com', language: 'zh-CN' },
    lines: [{ sku: 'SY-X2', title: '声悦 X2 降噪耳机', category: 'audio', quantity: 1, unit_price: 89900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-pl-${Date.now()}`, amount: 89900 }],
  })
  check(order.policy?.version === live.version, `the order names ${JSON.stringify(order.policy)}, not ${live.version}`)
}

/** Words that the author wrote in a language reach the customers who read it, and nobody else. */
export async function told(browser, { run, wrong }, language) {
  const number = `PW-${language}-${Date.now()}`
  const contact = `pw-${language}@example.com`
  const title = '亚麻衬衫'
  const day = new Date().toISOString()
  await call(run, run.key, 'POST', '/v1/orders', {
    number,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day,
    delivered_at: day,
    customer: { name: 'Kim Weber', email: contact, language },
    lines: [{ sku: 'YM-LS', title, category: 'clothing', quantity: 1, unit_price: 19900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-${number}`, amount: 19900 }],
  })
  const me = run.with(await person(browser, run, { language }))
  const t = await texts(language)
  await lookUp(me, run, t, { number, contact })
  await fillReturn(me, run, t, [{ title, reason: 'no_longer_needed' }])
  await me.page.getByText(words[language], { exact: true }).waitFor()
  for (const [other, text] of Object.entries(words))
    check(other === language || (await me.page.getByText(text).count()) === 0, `who reads ${language} is told in ${other}`)
  await inspect(me.page, `what the shop says, ${language}`, wrong)
  await run.shot(me.page, `policies-told-${language}`)
  await me.context.close()
}

/** A policy of its own is read by the other, goes live and is retired with a reason. */
export async function retired(now) {
  const { boss, author, run } = now
  const path = '/console/policies/outlet'
  const { page, t } = boss
  const headers = { Origin: run.url, 'If-Match': '*' }
  const standard = await (await author.page.request.get('/v1/policies/standard')).json()
  const made = await author.page.request.put('/v1/policies/outlet/draft', {
    headers,
    data: { name: '奥莱', rules: standard.rules, note: '换季清仓' },
  })
  check(made.ok(), `a draft: ${made.status()} ${await made.text()}`)
  await page.goto(path)
  await did({ ...now, ...boss }, 'review', '看过了', 'reviewed')
  await did({ ...now, ...boss }, 'activate', '换季', 'live')
  const dialog = await act({ ...now, ...boss }, 'retire', '')
  await dialog.getByText(t('policy.need_why'), { exact: true }).waitFor()
  await dialog.getByLabel(new RegExp(`^${t('policy.why')}`)).fill('清仓结束')
  await press(dialog, t('policy.action.retire'))
  await dialog.first().waitFor({ state: 'hidden' })
  await newest(page).getByText(t('policy.state.retired'), { exact: true }).waitFor()
  await run.shot(page, 'policies-retired', false)
}
