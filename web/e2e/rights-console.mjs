// What staff do with rights: find a law, try it on a purchase, and answer on a
// case what the rules ask for; the decision then says what it rests on.
import { check, desk, narrow, person, phone, texts } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { settled, until } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
  { language: 'en', dark: false },
]
const asks = `{"id": "opened", "when": "true", "reasons": ["not_as_described"],
  "then": {"outcome": "ask", "needs": [{"name": "use.opened", "type": "bool"}], "evidence": ["photo"]}}`
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString()
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

export async function walk(browser, run) {
  const wrong = []
  const boss = run.with(await run.step('the administrator signs in', () => signIn(browser, run, 'administrator')))
  const agent = run.with(await run.step('an agent signs in', () => signIn(browser, run, 'agent')))
  const chief = run.with(await run.step('a supervisor signs in', () => signIn(browser, run, 'supervisor')))
  const now = { browser, run, wrong, boss, chief, agent }
  await run.step('a law is found', () => find(now))
  await run.step('it is tried on a purchase', () => tried(now))
  now.id = await run.step('a case asks', () => asked(now))
  await run.step('the law and the case in each language', () => everywhere(now))
  await run.step('staff answer for the customer', () => answered(now))
  check(wrong.length === 0, wrong.join('\n'))
}

async function find({ agent, run, wrong }) {
  const { page, t, context } = agent
  await page.goto('/console/rights')
  const rows = page.getByRole('row')
  await rows.nth(1).waitFor()
  await settled(page)
  const all = await rows.count()
  await press(page.getByRole('group', { name: t('rights.show') }), new RegExp(`^${t('rights.show.draft')}`))
  await until(`of ${all} rows some are drafts`, () => rows.count(), (drafts) => drafts > 1 && drafts < all)
  await page.getByLabel(t('rights.search'), { exact: true }).fill('FR')
  await page.getByText(t('rights.none_found'), { exact: true }).waitFor()
  await press(page, t('rights.clear'))
  await until('all laws are shown again', () => rows.count(), all)
  await page.getByText(t('rights.caveat'), { exact: true }).waitFor()
  await page.locator('a[href$="/rights/CN"]').focus()
  await page.keyboard.press('Enter')
  const rule = page.locator('[id="CN-WD"]')
  await rule.getByText(t('rights.cite'), { exact: true }).waitFor()
  await page.getByLabel(t('rights.search_rules'), { exact: true }).fill('七日')
  await rule.waitFor()
  await page.getByLabel(t('rights.search_rules'), { exact: true }).fill('zzz')
  await page.getByText(t('rights.none_rule'), { exact: true }).waitFor()
  await context.setOffline(true)
  await page.goBack()
  await page.locator('a[href$="/rights/JP"]').click()
  await page.getByRole('button', { name: t('act.retry') }).waitFor()
  await inspect(page, 'a law without a network', wrong)
  await run.shot(page, 'rights-console-offline', false)
  // Back in the network, it is read by itself.
  await context.setOffline(false)
  await page.getByText('JP@1').first().waitFor()
}

async function tried({ agent, run, wrong }) {
  const { page, t } = agent
  await page.goto('/console/rights/CN')
  await page.getByRole('link', { name: t('rights.try') }).click()
  const form = page.getByRole('region', { name: t('rights.try'), exact: true })
  const answer = page.getByRole('region', { name: t('rights.answer'), exact: true })
  await form.getByText('CNY').waitFor()
  const price = form.getByLabel(t('rights.try_price'), { exact: true })
  await price.fill('a lot')
  await press(form, t('rights.try_go'))
  await form.getByText(t('rights.try_not_money'), { exact: true }).waitFor()
  await price.fill('3999')
  const sent = page.waitForRequest('**/v1/rights/decide')
  await press(form, t('rights.try_go'))
  const { facts } = (await sent).postDataJSON()
  check(facts.item.price === 399_900 && facts.currency === 'CNY', `asked with ${JSON.stringify(facts)}`)
  const right = answer.getByRole('listitem').filter({ hasText: 'CN-WD' }).first()
  await right.getByText(t('rights.until'), { exact: true }).waitFor()
  await press(answer, t('rights.for_customer'))
  await until('customers read no ids of rules', () => answer.innerText(), (plain) => plain && !plain.includes('CN-WD'))
  await press(answer, t('rights.for_staff'))
  await answer.getByText('CN-WD').first().waitFor()
  await run.shot(page, 'rights-console-words', false)
  await form.getByLabel(t('rights.try_claim'), { exact: true }).selectOption('defect')
  await form.getByLabel(t('rights.try_kind'), { exact: true }).selectOption('phone')
  await form.getByLabel(t('rights.try_found'), { exact: true }).fill(new Date().toISOString().slice(0, 10))
  await press(form, t('rights.try_go'))
  await press(answer, t('rights.by_remedy'))
  await answer.getByText('CN-3B', { exact: false }).first().waitFor()
  await inspect(page, 'a fault, tried', wrong)
  await page.setViewportSize(phone)
  await run.shot(page, 'rights-console-try-phone')
  await page.setViewportSize(desk)
}

/** A policy that asks, an order under it, and a case whose customer has to say something. */
async function asked({ boss, chief, run }) {
  const as =
    ({ page }) =>
    async (method, path, data, version) => {
      const headers = { Origin: run.url, ...(version ? { 'If-Match': version } : {}) }
      const answer = await page.request.fetch(path, { method, data, headers })
      check(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
      return answer.json()
    }
  const send = as(boss)
  const { name, rules } = await send('GET', '/v1/policies/standard')
  rules.conditions = [JSON.parse(asks)]
  // One writes it, another reads it.
  const { version } = await as(chief)('PUT', '/v1/policies/standard/draft', { name, rules, note: 'asks' }, '*')
  for (const action of ['review', 'activate'])
    await send('POST', `/v1/policies/standard/versions/${version}/actions`, { action, note: 'read' })
  const order = await send('POST', '/v1/orders', {
    number: `RC-${Date.now()}`,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day(4),
    delivered_at: day(2),
    customer: { name: '吴磊', email: 'wu.lei@example.com', language: 'zh-CN' },
    lines: [{ sku: 'SY-X2', title: '声悦 X2 降噪耳机', category: 'audio', quantity: 1, unit_price: 89900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-rc-${Date.now()}`, amount: 89900 }],
  })
  const made = await send('POST', '/v1/cases', {
    order: order.id,
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
    comment: '与描述不符',
  })
  check(made.needs?.length > 0, `nothing is asked: ${JSON.stringify(made.decision)}`)
  return made.id
}

async function everywhere({ browser, run, wrong, agent, id }) {
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    const { page, context } = run.with(await person(browser, run, { ...look, viewport: desk }))
    const t = await texts(look.language)
    await context.addCookies(await agent.context.cookies())
    await page.goto(`/console/cases/${id}`)
    const panel = page.getByRole('region', { name: t('needs.staff_title'), exact: true })
    await panel.getByRole('button', { name: t('needs.answer'), exact: true }).waitFor()
    await inspect(page, `a case that asks ${name}`, wrong)
    await sideways(page, narrow, desk, `a case that asks ${name}`, wrong)
    await run.shot(page, `rights-console-case-${name}`, false)
    for (const [what, path] of [
      ['law', '/console/rights/CN'],
      ['list', '/console/rights'],
      ['try', '/console/rights/try?place=CN'],
    ]) {
      await page.goto(path)
      await page.getByText(t('rights.caveat'), { exact: true }).waitFor()
      await settled(page)
      await page.setViewportSize(phone)
      await inspect(page, `${what} on a phone ${name}`, wrong)
      await sideways(page, phone, phone, `${what} on a phone ${name}`, wrong)
      await run.shot(page, `rights-console-${what}-phone-${name}`, false)
      await page.setViewportSize(desk)
    }
    await context.close()
  }
}

async function answered({ agent, run, wrong, id }) {
  const { page, t } = agent
  await open(agent, id)
  const needs = page.getByRole('region', { name: t('needs.staff_title'), exact: true })
  await needs.getByRole('button', { name: t('needs.answer'), exact: true }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await press(dialog, t('needs.send'))
  await dialog.getByText(t('needs.nothing_yet'), { exact: true }).waitFor()
  await dialog.getByRole('radio', { name: t('rights.yes'), exact: true }).check()
  await dialog.getByLabel(t('needs.none_to_show'), { exact: true }).check()
  await inspect(page, 'answers of staff', wrong)
  await run.shot(page, 'rights-console-answer', false)
  await press(dialog, t('needs.send'))
  await dialog.waitFor({ state: 'hidden' })
  const told = page.getByRole('region', { name: t('needs.told'), exact: true })
  await told.getByText(t('rights.yes'), { exact: true }).waitFor()
  await told.getByText(t('needs.not_shown'), { exact: true }).waitFor()
  const decision = page.getByRole('region', { name: t('decision.title'), exact: true })
  await decision.getByText('CN@1').waitFor()
  await run.shot(page, 'rights-console-decided', false)
  await inspect(page, 'a decision with its grounds', wrong)
  await decision.getByRole('link', { name: 'CN@1' }).click()
  await page.waitForURL(/\/rights\/CN\?version=1/)
  await page.locator('[id="CN-WD"]').waitFor()
}
