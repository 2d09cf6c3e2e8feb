// A customer's return in every language that the portal speaks to the end, on a
// phone and at a desk: looked up, asked for, sent back, refunded. The shop's side
// is done by a program.
import { existsSync } from 'node:fs'
import { call, check, desk, mail, narrow, person, phone, texts } from './browser.mjs'
import { golden } from './golden.mjs'
import { inspect, sideways } from './inspect.mjs'
import { fillReturn, send } from './portal.mjs'
import { settled, until } from './wait.mjs'

const shirts = '云麦 长绒棉 T 恤 Cotton T-shirt'
const days = [
  { language: 'zh-CN', who: 'day_cn', viewport: phone },
  { language: 'zh-TW', who: 'taiwan', viewport: phone },
  { language: 'en', who: 'english', viewport: desk },
  { language: 'ar', who: 'day_ar', viewport: phone },
]

export async function walk(browser, run) {
  const wrong = []
  let done = 0
  for (const day of days) {
    // Languages are added one by one: what has no texts yet has no day.
    const known = ['', 'more/'].some((folder) =>
      existsSync(new URL(`../src/i18n/${folder}portal.${day.language}.json`, import.meta.url)),
    )
    if (!known) continue
    await returned(browser, run, day, wrong)
    done++
  }
  check(done >= 3, `${done} languages`)
  run.fact('languages', done)
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

const act = (run, id, body) => call(run, run.key, 'POST', `/v1/cases/${id}/actions`, body, { 'If-Match': '*' })

async function returned(browser, run, { language, who, viewport }, wrong) {
  const t = await texts(language)
  const buyer = run.buyers[who]
  const me = run.with(await person(browser, run, { language, viewport, touch: viewport === phone }))
  const { page } = me
  const step = (what, does) => run.step(`${language}: ${what}`, does)
  const state = (key) => page.getByText(t(key), { exact: true }).first().waitFor()
  const looks = (what) => look(page, run, `day-customer-${language}-${what}`, viewport, wrong)

  await step('look up', async () => {
    await page.goto('/')
    await page.getByLabel(t('lookup.order'), { exact: true }).waitFor()
    await until(`the page is in ${language}`, () => page.evaluate(() => document.documentElement.lang), language)
    const way = language === 'ar' ? 'rtl' : 'ltr'
    check((await page.evaluate(() => document.documentElement.dir || 'ltr')) === way, `${language} is written ${way}`)
    await settled(page)
    await golden(page, `lookup-${language}`, wrong)
    await looks('lookup')
    await signIn(page, run, t, buyer)
    await looks('order')
  })
  const id = await step('ask', async () => {
    await fillReturn(me, run, t, [{ title: shirts, reason: 'not_as_described', quantity: 2 }])
    await looks('form')
    return send(me, run, t)
  })
  await step('sent back and refunded', async () => {
    const { state: now } = await call(run, run.key, 'GET', `/v1/cases/${id}`)
    if (now === 'submitted') await act(run, id, { action: 'approve' })
    await state('case.now.await_return')
    await looks('approved')
    await page.getByRole('button', { name: t('parcel.handed') }).click()
    const sheet = page.getByRole('dialog', { name: t('handover.title') })
    await sheet.getByRole('button', { name: t('handover.action') }).click()
    await state('case.now.returning')
    await act(run, id, { action: 'receive', items: [{ line: 2, quantity: 2 }] })
    await act(run, id, { action: 'grade', items: [{ line: 2, count: 2, grade: 'A', disposition: 'restock' }] })
    await state('case.now.completed')
    await looks('refunded')
  })
  await me.context.close()
}

/** Signs in with the code of the e-mail, in whatever language that is. */
async function signIn(page, run, t, buyer) {
  await page.getByLabel(t('lookup.order'), { exact: true }).fill(buyer.number)
  await page.getByLabel(t('lookup.contact'), { exact: true }).fill(buyer.contact)
  await page.getByRole('button', { name: t('lookup.send') }).click()
  const letter = await mail(run, buyer.contact)
  const [code] = letter.text.match(/\b\d{6}\b/) ?? []
  check(code, `the e-mail has a code: ${letter.text}`)
  await page.getByLabel(t('code.label'), { exact: true }).fill(code)
  await page.waitForURL(/\/orders\/ord_/)
  await page.getByRole('heading', { name: t('order.items'), exact: true }).waitFor()
}

async function look(page, run, name, viewport, wrong) {
  await settled(page)
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${name} ${colorScheme}`, wrong)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await run.shot(page, name)
  await sideways(page, narrow, viewport, name, wrong)
}
