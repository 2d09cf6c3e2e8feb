// A return in Arabic and in German on the narrowest phone: found by the code on
// the parcel, begun with the shop's own token, refunded, rated, looked at by staff.
import { createHmac } from 'node:crypto'
import { call, check, mail, narrow, person, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { send } from './portal.mjs'
import { settled, until } from './wait.mjs'

const shirts = '云麦 长绒棉 T 恤 Cotton T-shirt'
const readers = [
  { language: 'ar', way: 'rtl', who: 'day_ar' },
  { language: 'de', way: 'ltr', who: 'english' },
]

export async function walk(browser, run) {
  const wrong = []
  const key = await call(run, run.key, 'POST', '/v1/shop/keys', { name: 'website' }, { 'Idempotency-Key': 'website' })
  for (const reader of readers) await once(browser, run, reader, key, wrong)
  const { items, figures } = await call(run, run.key, 'GET', '/v1/ratings').catch(() => ({ items: [], figures: {} }))
  run.fact('ratings', items.length)
  run.fact('csat', figures.csat ?? '')
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What the shop's own website would do: HS256 over header and claims. */
function token(key, claims) {
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: key.id })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', key.secret).update(signed).digest('base64url')}`
}

async function once(browser, run, { language, way, who }, key, wrong) {
  const t = await texts(language)
  const buyer = run.buyers[who]
  const me = run.with(await person(browser, run, { language, viewport: narrow, touch: true }))
  const { page } = me
  const step = (what, does) => run.step(`${language}: ${what}`, does)
  const looks = (what) => look(page, run, `world-${language}-${what}`, wrong)
  const act = (id, body) => call(run, run.key, 'POST', `/v1/cases/${id}/actions`, body, { 'If-Match': '*' })

  await step('the code on the parcel fills in the order', async () => {
    await page.goto(`/?order=${encodeURIComponent(buyer.number)}`)
    const field = page.getByLabel(t('lookup.order'), { exact: true })
    await field.waitFor()
    await until('the order is filled in', () => field.inputValue(), buyer.number)
    const speaks = () => page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`)
    await until('the page is', speaks, `${language} ${way}`)
    await looks('lookup')
  })
  await step('prove it with the code of an e-mail in the language', async () => {
    await page.getByLabel(t('lookup.contact'), { exact: true }).fill(buyer.contact)
    await page.getByRole('button', { name: t('lookup.send') }).click()
    const letter = await mail(run, buyer.contact, { ar: 'رمزك', de: 'Ihr Code' }[language])
    await page.getByLabel(t('code.label'), { exact: true }).fill(letter.text.match(/\b\d{6}\b/)[0])
    await page.waitForURL(/\/orders\/ord_/)
    await page.context().clearCookies({ name: /session|customer/ })
  })
  await step('or with the shop’s token', async () => {
    const soon = Math.floor(Date.now() / 1000) + 300
    await page.goto(`/link/shop#token=${token(key, { order: buyer.number, exp: soon - 3600 })}`)
    await page.getByText(t('problem.proof.token_expired')).waitFor()
    await looks('token')
    await page.goto('/')
    await page.goto(`/link/shop#token=${token(key, { order: buyer.number, exp: soon })}`)
    await page.waitForURL(/\/orders\/ord_/)
    await page.getByRole('heading', { name: t('order.items'), exact: true }).waitFor()
    await looks('order')
  })
  const id = await step('ask', async () => {
    await page.getByRole('link', { name: t('order.start'), exact: true }).click()
    await page.waitForURL(/\/return\/ord_/)
    const group = page.getByRole('group', { name: shirts, exact: true })
    await group.getByRole('checkbox').setChecked(true, { force: true })
    await group.getByRole('button', { name: t('act.less') }).click()
    await group.locator('label:has(input[value="not_as_described"])').click()
    await page.locator('#refund').getByText(/\d/).first().waitFor()
    await looks('form')
    return send(me, run, t)
  })
  await step('refunded', async () => {
    const { state } = await call(run, run.key, 'GET', `/v1/cases/${id}`)
    if (state === 'submitted') await act(id, { action: 'approve' })
    await page.getByText(t('case.now.await_return'), { exact: true }).first().waitFor()
    await looks('approved')
    await act(id, { action: 'receive', items: [{ line: 2, quantity: 2 }] })
    await act(id, { action: 'grade', items: [{ line: 2, count: 2, grade: 'A', disposition: 'restock' }] })
    await page.getByText(t('case.now.completed'), { exact: true }).first().waitFor()
  })
  await step('rate', async () => {
    await page.getByRole('radio', { name: new RegExp(`^${language === 'ar' ? 5 : 2}:`) }).check({ force: true })
    await page.getByLabel(t('rate.comment')).fill(language === 'ar' ? 'شكرًا جزيلاً' : 'Bitte schneller')
    await looks('rating')
    await page.getByRole('button', { name: t('rate.send') }).click()
    await page.getByRole('heading', { name: t('rate.thanks') }).waitFor()
    await page.getByRole('button', { name: t('rate.change') }).waitFor()
    await looks('rated')
  })
  await step('the language is remembered', async () => {
    const asked = await page.context().request.get('/', { headers: { 'Accept-Language': 'en' } })
    await page.locator('header select').selectOption('ja')
    await page.waitForFunction(() => document.documentElement.lang === 'ja')
    const again = async () => (await page.context().request.get('/', { headers: { 'Accept-Language': 'en' } })).text()
    check((await asked.text()).includes('<html lang="en"'), 'the browser decides at first')
    await until('then what was chosen', async () => (await again()).includes('<html lang="ja" dir="ltr"'))
  })
  await me.context.close()
}

async function look(page, run, name, wrong) {
  await settled(page)
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${name} ${colorScheme}`, wrong)
  }
  await run.shot(page, name)
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  if (wide > room) wrong.push(`${name}: ${wide} px wide at ${room} px`)
}
