// What the portal promises is what the server says: which way is over first among
// those to choose, and until when who has to do what, in two languages.
import { call, check, person, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { choose, fillReturn, lookUp, send } from './portal.mjs'
import { settled, until } from './wait.mjs'

const title = '亚麻衬衫 Linen shirt'
const hour = 3_600_000

export async function walk(browser, run) {
  const wrong = []
  await run.step('small things are paid for without a return', () => returnless(run))
  for (const language of ['zh-CN', 'en']) {
    const t = await texts(language)
    const me = run.with(await person(browser, run, { language }))
    const now = { me, run, t, language, wrong, page: me.page }
    now.order = await run.step(`an order, ${language}`, () => ordered(now))
    await run.step(`the fastest way is marked, ${language}`, () => fastest(now))
    await run.step(`the days are those of the server, ${language}`, () => days(now))
    await me.context.close()
  }
  check(wrong.length === 0, wrong.join('\n'))
}

async function returnless(run) {
  const path = '/v1/policies/standard'
  const { name, rules } = await call(run, run.publisher, 'GET', path)
  rules.returnless = { below: { CNY: 30000 } }
  const { version } = await call(
    run,
    run.key,
    'PUT',
    `${path}/draft`,
    { name, rules, note: 'small things' },
    { 'If-Match': '*' },
  )
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

async function ordered({ me, run, t, language }) {
  const number = `PP-${language}-${Date.now()}`
  const contact = `pp-${language.toLowerCase()}@example.com`
  const day = new Date(Date.now() - 24 * hour).toISOString()
  const { id } = await call(run, run.key, 'POST', '/v1/orders', {
    number,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day,
    delivered_at: day,
    customer: { name: 'Kim Weber', email: contact, language },
    lines: [{ sku: 'YM-LS', title, category: 'clothing', quantity: 2, unit_price: 19900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-${number}`, amount: 39800 }],
  })
  await lookUp(me, run, t, { number, contact })
  return id
}

/** Hours until the money at the latest, as the shop's answer to a question promises it. */
async function promised({ page, run, order }, kind, reason) {
  const answer = await page.request.post('/v1/my/quotes', {
    headers: { Origin: run.url },
    data: { order, kind, items: [{ line: 1, quantity: 1, reason }] },
  })
  if (!answer.ok()) return undefined
  const { total, decision, return_by_days: back } = await answer.json()
  if (!total.minor || !['approve', 'review'].includes(decision.outcome)) return undefined
  const open =
    decision.outcome === 'approve'
      ? 0
      : decision.answer_by
        ? (Date.parse(decision.answer_by) - Date.now()) / hour
        : Infinity
  return open + (kind === 'return_refund' ? back * 24 : 0)
}

/** A badge stands at the way that is over first by the answers, and nowhere else. */
async function fastest(now) {
  const { page, run, t, me, wrong, language } = now
  await fillReturn(me, run, t, [{ title, reason: 'not_as_described' }])
  await page.locator('#refund [aria-busy=false]').waitFor()
  const back = await promised(now, 'return_refund', 'not_as_described')
  const only = await promised(now, 'refund_only', 'not_as_described')
  check(back !== undefined && only !== undefined, `both ways are open: ${back}, ${only}`)
  const first = only < back ? 'refund_only' : 'return_refund'
  const badge = page.getByText(t('apply.kind.fastest'), { exact: true })
  await badge.waitFor()
  await settled(page)
  await until('one way is the fastest', () => badge.count(), 1)
  const tile = page.locator('label', { has: badge })
  await until(`the badge is at ${first}`, () => tile.locator('input').getAttribute('value'), first)
  check((await tile.getByRole('radio').getAttribute('aria-describedby')).includes('soon'), 'nobody hears of it')
  run.fact(`fastest ${language}`, `${first}: ${Math.round(only)} h against ${Math.round(back)} h`)
  await inspect(page, `the fastest way, ${language}`, wrong)
  await tile.scrollIntoViewIfNeeded()
  await run.shot(page, `promised-fastest-${language}`)
}

/** Asked and agreed: what is to be done, by whom and until when, is the server's. */
async function days(now) {
  const { page, run, t, me, language, wrong } = now
  await choose(page, t, 'return_refund')
  const id = await send(me, run, t)
  await same(now, id, 'await_return')
  await inspect(page, `what is next, ${language}`, wrong)
  await run.shot(page, `promised-next-${language}`)
}

async function same({ page, t, language, run }, id, state) {
  await page
    .getByText(t(`case.now.${state}`), { exact: true })
    .first()
    .waitFor()
  const answer = await page.request.get(`/v1/my/cases/${id}`, { headers: { 'Accept-Language': language } })
  const found = await answer.json()
  check(found.state === state, `it is ${found.state}, not ${state}`)
  // The page tells the moment by the reader's clock: the words beside it are the server's.
  const words = found.next.text
    .split(found.next.clock ?? '')
    .map((one) => one.trim())
    .toSorted((a, b) => b.length - a.length)
  const next = page.locator('main div', { has: page.getByText(found.next.clock ? words[0] : found.next.text) }).last()
  await next.waitFor()
  const by = found.next.by ?? found.timers.find((one) => !one.paused)?.deadline
  check(by, `no day is promised in ${state}`)
  const shown = await next.locator('time').getAttribute('datetime')
  check(Date.parse(shown) === Date.parse(by), `the page says ${shown}, the server ${by}`)
  const running = found.timers.find((one) => !one.paused)
  const said = await next.innerText()
  check(!running || said.includes(running.on_expiry.text), `what happens then is not said: ${said}`)
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', timeZone: 'Asia/Shanghai' })
    .format(new Date(by))
    .replace(/\D/g, '')
  check(said.includes(day), `${said} does not name day ${day}`)
  run.fact(`${state} ${language}`, by)
}
