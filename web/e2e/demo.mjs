// A demonstration as visitors see it: everybody comes in by the sign-ins that were
// printed, nobody keeps the next one out or takes away what the next one came for.
import { check, desk, person, phone, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { settled, until } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: false },
]
/** What a shop is set up with, and a button there that would change it. */
const setUp = [
  ['staff', 'staff.add'],
  ['staff?tab=keys', 'keys_page.add'],
  ['staff?tab=signin', 'act.save'],
  ['settings', 'act.save'],
  ['brand', 'act.save'],
  ['widget', 'act.save'],
  ['webhooks', 'webhook.add'],
  ['payment-accounts', 'accounts.add_payment'],
  ['carriers', 'accounts.add_carrier'],
]
const visitor = async (browser, run, options) => {
  const me = run.with(await person(browser, run, { viewport: desk, ...options }))
  return { ...me, t: await texts(me.language) }
}

/** One press on a sign-in of the page. */
async function enter({ page }, one) {
  await page.goto('/console/signin')
  await page.getByRole('button', { name: new RegExp(one.email) }).click()
  await page.waitForURL(/\/console\/(cases|warehouse)/)
}

export async function walk(browser, run) {
  const wrong = []
  const one = (role) => run.printed.find((each) => each.role === role)
  await run.step('every printed sign-in is on the page and works', () => everyRole(browser, run, wrong))
  const boss = await visitor(browser, run)
  const other = await visitor(browser, run, { language: 'en' })
  await run.step('two visitors have the same sign-in', async () => {
    await enter(boss, one('administrator'))
    await enter(other, one('administrator'))
  })
  await run.step('nobody changes a sign-in', () => signIns(boss, run, wrong))
  await run.step('nobody signs the other one out', () => sessions(boss, other, run))
  await run.step('wrong passwords block nobody', () => mistyped(browser, run, one('agent')))
  await run.step('the buyers stay', () => buyers(browser, boss, run, wrong))
  for (const look of looks)
    await run.step(`the set-up can be looked at, ${look.language}`, () => lookedAt(browser, run, one('administrator'), look, wrong))
  await run.step('every route that changes it says the same', () => routes(boss, run))
  await run.step('the work itself can be tried', () => tried(boss, run))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function everyRole(browser, run, wrong) {
  const me = await visitor(browser, run)
  const { page, t } = me
  await page.goto('/console/signin')
  await page.getByRole('heading', { name: t('signin.demo'), exact: true }).waitFor()
  await run.shot(page, 'demo-signin', false)
  await inspect(page, 'sign-ins of a demonstration', wrong)
  await until(`a sign-in for each of ${run.printed.length} printed`, () => page.locator('main section li').count(), run.printed.length)
  for (const each of run.printed) {
    await enter(me, each)
    const { staff } = await (await page.request.get('/v1/session')).json()
    check(staff.role === each.role && staff.email === each.email, `${each.email} is ${staff.role}`)
    await page.context().clearCookies()
  }
  await me.context.close()
}

/** What the server says to a change, in the browser's name. */
async function refused(me, run, method, path, data, code = 'account.demo') {
  const answer = await me.page.request.fetch(path, { method, headers: { Origin: run.url, 'If-Match': '*' }, data })
  const said = await answer.text()
  check(answer.status() === 403 && JSON.parse(said).code === code, `${method} ${path}: ${answer.status()} ${said}`)
}

async function signIns(me, run, wrong) {
  const { page, t } = me
  await page.goto('/console/cases')
  await page.getByRole('button', { name: t('account.open', { name: '' }).trim() }).first().click()
  const panel = page.getByRole('dialog', { name: t('account.title') })
  await panel.getByText(t('problem.account.demo')).waitFor()
  check((await panel.getByText(t('account.password'), { exact: true }).count()) === 0, 'a password can be changed')
  await run.shot(page, 'demo-account', false)
  await page.keyboard.press('Escape')
  await page.goto('/console/security')
  await page.getByText(t('problem.factor.demo')).waitFor()
  check((await page.getByText(t('factor.add_app'), { exact: true }).count()) === 0, 'a second factor can be added')
  await inspect(page, 'security of a demonstration', wrong)
  const { items } = await (await page.request.get('/v1/staff')).json()
  const agent = items.find((each) => each.role === 'agent')
  for (const change of [{ name: 'Mallory' }, { email: 'mine@example.com' }, { role: 'auditor' }, { state: 'disabled' }, { password: 'nobody knows this one' }])
    await refused(me, run, 'PATCH', `/v1/staff/${agent.id}`, change)
  await refused(me, run, 'DELETE', `/v1/staff/${agent.id}/factors`)
  await refused(me, run, 'POST', '/v1/session/password', { current: run.printed[0].password, password: 'nobody knows this one' })
  const again = (await (await page.request.get('/v1/staff')).json()).items.find((each) => each.id === agent.id)
  check(JSON.stringify(again) === JSON.stringify(agent), `the agent is now ${JSON.stringify(again)}`)
}

async function sessions(me, other, run) {
  const { page, t } = me
  const { items } = await (await other.page.request.get('/v1/sessions')).json()
  const theirs = items.find((each) => each.current)
  await page.goto('/console/cases')
  await page.getByRole('button', { name: t('account.open', { name: '' }).trim() }).first().click()
  const panel = page.getByRole('dialog', { name: t('account.title') })
  await panel.getByText(t('problem.account.demo')).waitFor()
  await panel.getByText(t('account.this'), { exact: true }).waitFor()
  await until('the other visitor is among the devices', () => panel.locator('li').count(), (n) => n > 1)
  check((await panel.locator('li button').count()) === 0, 'another can be signed out')
  await refused(me, run, 'DELETE', `/v1/sessions/${theirs.id}`)
  await refused(me, run, 'DELETE', '/v1/sessions')
  await other.page.reload()
  check((await other.page.request.get('/v1/session')).ok(), 'the other visitor was signed out')
}

async function mistyped(browser, run, one) {
  const { page, t, context } = await visitor(browser, run)
  await page.goto('/console/signin')
  await page.getByLabel(t('signin.email'), { exact: true }).fill(one.email)
  await page.getByLabel(t('signin.password'), { exact: true }).fill('not-the-password')
  await page.getByRole('button', { name: t('signin.enter'), exact: true }).click()
  await page.getByText(t('problem.account.wrong_credentials')).waitFor()
  for (let at = 0; at < 9; at++)
    await page.request.post('/v1/session', { headers: { Origin: run.url }, data: { email: one.email, password: 'wrong' } })
  await enter({ page }, one)
  await context.close()
}

/** A buyer cannot be erased; his order is found by the next visitor. */
async function buyers(browser, me, run, wrong) {
  const { page, t } = me
  const { number, contact } = run.invited[0]
  const { items } = await (await page.request.get(`/v1/customers?q=${encodeURIComponent(contact)}`)).json()
  await page.goto(`/console/reads?customer=${items[0].id}`)
  const erase = page.locator('[data-erase]')
  await erase.waitFor()
  await until('a buyer cannot be erased', () => erase.getAttribute('aria-disabled'), 'true')
  await erase.click({ force: true })
  await page.getByText(t('demo.held')).nth(1).waitFor() // said beside what the button says of itself
  check((await page.getByRole('dialog').count()) === 0, 'erasing opens')
  await run.shot(page, 'demo-erase', false)
  await inspect(page, 'erasing in a demonstration', wrong)
  await refused(me, run, 'POST', `/v1/customers/${items[0].id}/erasure`, { reason: 'because I can' })
  const buyer = run.with(await person(browser, run, { viewport: phone }))
  await lookUp(buyer, run, await texts('zh-CN'), { number, contact }, 'demo')
  await buyer.context.close()
}

async function lookedAt(browser, run, one, look, wrong) {
  const me = await visitor(browser, run, look)
  const { page, t, context } = me
  await enter(me, one)
  for (const [path, button] of look.language === 'zh-CN' ? setUp : setUp.slice(0, 3)) {
    await page.goto(`/console/${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText(t('demo.held'), { exact: true }).first().waitFor()
    const press = page.getByRole('button', { name: new RegExp(`^${t(button)}`) }).first()
    await press.waitFor()
    await settled(page)
    if ((await press.getAttribute('aria-disabled')) !== 'true') wrong.push(`${path}: ${t(button)} can be pressed`)
    if (look.language === 'zh-CN') await run.shot(page, `demo-${path.replace(/\W/g, '-')}`, false)
  }
  await run.shot(page, `demo-held-${look.language}`, false)
  await inspect(page, `the set-up, ${look.language}`, wrong)
  await context.close()
}

/** Each route that the document names with what is held refuses to change anything, and says why. */
async function routes(me, run) {
  const { held } = await (await me.page.request.get('/v1/session')).json()
  const { paths } = await (await me.page.request.get('/openapi.json')).json()
  let asked = 0
  for (const [path, methods] of Object.entries(paths))
    for (const [method, about] of Object.entries(methods)) {
      const changes = JSON.stringify(about.parameters ?? []).includes('Idempotency-Key')
      if (!changes || !held.includes(about['x-permission'])) continue
      asked += 1
      await refused(me, run, method.toUpperCase(), path.replace(/\{\w+\}/g, 'any'), {})
    }
  check(asked > 30, `${asked} routes are held`)
  run.fact('held', asked)
}

/** Words and answers of a case may be tried; a draft of a policy too. */
async function tried(me, run) {
  const { page, t } = me
  const { items } = await (await page.request.get('/v1/cases?state=submitted')).json()
  check(items.length > 0, 'no case waits for somebody')
  await page.goto(`/console/cases/${items[0].id}`)
  await page.getByRole('button', { name: t('do.approve'), exact: true }).waitFor()
  await run.shot(page, 'demo-case', false)
  const { rules } = await (await page.request.get('/v1/policies/standard')).json()
  const draft = await page.request.put('/v1/policies/standard/draft', {
    headers: { Origin: run.url, 'If-Match': '*' },
    data: { name: 'Standard', rules, note: 'to try' },
  })
  check(draft.ok(), `a draft: ${draft.status()} ${await draft.text()}`)
}
