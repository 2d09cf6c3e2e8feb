// What is sealed stays proven: administrators change the key of the log, the privacy
// officer erases a customer, and evidence from before verifies as it did.
import { check, desk, narrow, person, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { looks, made, named, read, sender, verified } from './sealed-customer.mjs'
import { until } from './wait.mjs'

export async function walk(browser, run) {
  const wrong = []
  const boss = run.with(await run.step('the administrator signs in', () => signIn(browser, run, 'administrator')))
  const now = { browser, run, wrong, boss }
  Object.assign(now, await run.step('a case is made', () => made(now)))
  await run.step('the customer has the evidence', () => held(now))
  await run.step('the key of the log is changed', () => changed(now))
  await run.step('the customer is erased', () => erased(now))
  await run.step('everything is proven as before', () => proven(now))
  check(wrong.length === 0, wrong.join('\n'))
}

async function held(now) {
  const { browser, run, id, buyer } = now
  now.customer = run.with(await person(browser, run, { language: 'zh-CN' }))
  await lookUp(now.customer, run, await texts('zh-CN'), buyer)
  const ask = () => now.customer.page.request.get(`/v1/my/cases/${id}/evidence.zip`)
  const answer = await until('it is sealed', ask, (one) => one.status() !== 409)
  check(answer.ok(), `the evidence: ${answer.status()}`)
  now.file = await answer.body()
}

async function confirm(page, run, t) {
  const dialog = page.getByRole('dialog', { name: t('stepup.title'), exact: true })
  await dialog.getByLabel(t('signin.password'), { exact: true }).fill(run.staff.administrator.password)
  await dialog.getByRole('button', { name: t('stepup.confirm'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

async function changed(now) {
  const { boss, browser, run, wrong } = now
  const { page, t } = boss
  const words = read('seal', boss.language)
  await page.goto('/console/log')
  const keys = page.locator('[data-key]')
  await keys.first().waitFor()
  now.old = (await keys.first().locator('bdi').innerText()).trim()
  await page.locator('[data-add-key]').click()
  await page.locator('[data-key-form]').waitFor()
  await inspect(page, 'a key is added', wrong)
  await run.shot(page, 'sealed-key-add', false)
  await page.locator('[data-key-form] button[type=submit]').click()
  await confirm(page, run, t)
  await keys.nth(1).getByText(words['log.key.active'], { exact: true }).waitFor()
  await keys.first().locator('[data-retire]').click()
  await page.locator('[data-key-form]').waitFor()
  await inspect(page, 'a key is retired', wrong)
  await run.shot(page, 'sealed-key-retire', false)
  await page.locator('[data-key-form] button[type=submit]').click()
  await page.locator('[data-key-form]').waitFor({ state: 'hidden' })
  await keys.first().locator('[data-retire]').waitFor({ state: 'detached' })
  for (const look of looks) {
    const one = run.with(await person(browser, run, { ...look, viewport: desk }))
    await one.context.addCookies(await boss.context.cookies())
    await one.page.goto('/console/log')
    await one.page.locator('[data-key]').nth(1).waitFor()
    await inspect(one.page, `log ${named(look)}`, wrong)
    await sideways(one.page, narrow, desk, `log ${named(look)}`, wrong)
    await run.shot(one.page, `sealed-log-${named(look)}`, true)
    await one.context.close()
  }
}

async function erased(now) {
  const { browser, run, wrong, id, buyer, customer, boss } = now
  await sender(customer.page, run)(`/v1/my/cases/${id}/actions`, { action: 'withdraw' }, { 'If-Match': '*' })
  const found = await (await boss.page.request.get(`/v1/orders?q=${buyer.number}`)).json()
  const who = (await (await boss.page.request.get(`/v1/orders/${found.items[0].id}`)).json()).customer.id
  const officer = run.with(await signIn(browser, run, 'privacy', { language: 'en' }))
  const { page } = officer
  const words = read('seal', 'en')
  await page.goto(`/console/reads?customer=${who}`)
  await page.getByRole('row').nth(1).waitFor()
  await page.locator('[data-erase]').click()
  const dialog = page.getByRole('dialog', { name: words['erase.title'], exact: true })
  await dialog.getByLabel(words['erase.reason']).fill('asked for by letter')
  await inspect(page, 'erase', wrong)
  await run.shot(page, 'sealed-erase', false)
  await dialog.getByRole('button', { name: words['erase.do'], exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await run.shot(page, 'sealed-erased', false)
  const gone = await customer.page.request.get(`/v1/my/cases/${id}`)
  check(gone.status() === 401, `the customer's session: ${gone.status()}`)
  for (const look of looks) {
    const one = run.with(await person(browser, run, { ...look, viewport: desk }))
    await one.context.addCookies(await officer.context.cookies())
    await one.page.goto('/console/reads')
    await one.page.getByRole('row').nth(1).waitFor()
    await inspect(one.page, `reads ${named(look)}`, wrong)
    await sideways(one.page, narrow, desk, `reads ${named(look)}`, wrong)
    await run.shot(one.page, `sealed-reads-${named(look)}`, false)
    await one.context.close()
  }
}

async function proven(now) {
  const { boss, file, old } = now
  const before = await verified(now, looks[1], file, 'good', old) // with the key of then, which is retired
  check(
    (await before.page.getByText(before.words.unproven, { exact: true }).count()) === 0,
    'with its key something is not proven',
  )
  await before.context.close()
  const { page } = boss
  await page.goto('/console/log')
  await page.locator('[data-run]').click()
  await page.locator('[data-audits] .text-ok').first().waitFor({ timeout: 60_000 })
}
