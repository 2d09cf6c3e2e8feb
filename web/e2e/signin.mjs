// Signing in with more than a password: a role that needs it sets it up, an app,
// a passkey of a real browser, recovery codes, and a colleague who lost it all.
import { createHmac } from 'node:crypto'
import { check, desk, mail, narrow, person, phone, texts } from './browser.mjs'
import { inspect, sideways } from './inspect.mjs'
import { until } from './wait.mjs'

export async function walk(browser, run) {
  const wrong = []
  // Passkeys need a name: numbers have none.
  const here = { ...run, url: run.url.replace('127.0.0.1', 'localhost') }
  const boss = await run.step('the administrator signs in', () => signIn(browser, here, 'administrator'))
  await run.step('agents must have a second factor', () => requireFactor(boss, here, wrong))
  const agent = await run.step('an agent has to set one up', () => first(browser, here, wrong))
  await run.step('the next sign-in asks for it', () => second(agent, here, wrong))
  await run.step('a passkey is added', () => addPasskey(agent, here, wrong))
  await run.step('the passkey signs in alone', () => alone(agent, here))
  await run.step('a recovery code signs in once', () => recovery(browser, here, agent, wrong))
  await run.step('the administrator resets it', () => reset(boss, here, wrong))
  await run.step('it is asked for in other languages, dark, on a phone', () => others(browser, here, wrong))
  check(wrong.length === 0, wrong.join('\n'))
}

async function signIn(browser, run, role, options = {}) {
  const me = run.with(await person(browser, run, { viewport: desk, ...options }))
  me.t = await texts(me.language)
  await password(me, run, role)
  return me
}

/** Types e-mail and password. */
async function password({ page, t }, run, role) {
  await page.goto('/console/signin')
  await page.getByLabel(t('signin.email'), { exact: true }).fill(run.staff[role].email)
  await page.getByLabel(t('signin.password'), { exact: true }).fill(run.staff[role].password)
  await page.getByRole('button', { name: t('signin.enter'), exact: true }).click()
}
const button = ({ page, t }, key, params) => page.getByRole('button', { name: t(key, params), exact: true })

async function signOut(me) {
  await me.page.context().clearCookies()
  await me.page.goto('/console/signin')
}

/** Answers the question for the password, where it comes. */
async function confirm({ page, t }, run, role) {
  const dialog = page.getByRole('dialog', { name: t('stepup.title') })
  await dialog.getByLabel(t('signin.password'), { exact: true }).fill(run.staff[role].password)
  await dialog.getByRole('button', { name: t('stepup.confirm'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

async function requireFactor(boss, run, wrong) {
  const { page, t } = boss
  await page.waitForURL(/\/console\/cases/)
  await page.goto('/console/staff?tab=signin')
  await page.getByLabel(t('role.agent'), { exact: true }).check()
  await button(boss, 'act.save').click()
  await page.getByRole('dialog', { name: t('stepup.title') }).waitFor()
  await run.shot(page, 'signin-step-up', false)
  await inspect(page, 'step-up', wrong)
  await confirm(boss, run, 'administrator')
  await page.getByText(t('signin_rules.saved')).waitFor()
  await run.shot(page, 'signin-rules', false)
  await inspect(page, 'sign-in rules', wrong)
}

async function first(browser, run, wrong) {
  const me = await signIn(browser, run, 'agent')
  const { page, t } = me
  await page.getByRole('heading', { level: 1, name: t('first.title') }).waitFor()
  await run.shot(page, 'signin-first', false)
  await inspect(page, 'first factor', wrong)
  await page.goto('/console/orders') // nothing else opens
  await page.getByRole('heading', { level: 1, name: t('first.title') }).waitFor()
  await page.getByRole('button', { name: t('factor.kind.totp') }).click()
  const key = page.getByTitle(t('act.copy')).locator('bdi')
  me.key = (await key.innerText()).replace(/\s/g, '') // shown four signs at a time
  await run.shot(page, 'signin-first-app', false)
  await inspect(page, 'first app', wrong)
  await page.getByLabel(t('factor.code'), { exact: true }).fill('000000')
  await button(me, 'factor.add').click()
  await page.getByText(t('problem.factor.wrong')).waitFor()
  // The code of the step before is good for as long as this step lasts.
  const left = 30_000 - (Date.now() % 30_000)
  if (left < 20_000) await page.waitForTimeout(left + 100)
  await page.getByLabel(t('factor.code'), { exact: true }).fill(code(me.key, -1))
  await button(me, 'factor.add').click()
  const list = page.getByRole('list', { name: t('recovery.title') })
  await list.waitFor()
  me.codes = await list.getByRole('listitem').allInnerTexts()
  check(me.codes.length === 10, `${me.codes.length} recovery codes`)
  await run.shot(page, 'signin-recovery', false)
  await inspect(page, 'recovery codes', wrong)
  await button(me, 'recovery.stored').click()
  await page.waitForURL(/\/console\/orders/)
  return me
}

async function second(me, run, wrong) {
  const { page, t } = me
  await signOut(me)
  await password(me, run, 'agent')
  const field = page.getByLabel(t('factor.code'), { exact: true })
  await field.fill('123456')
  await page.getByText(t('problem.factor.wrong')).waitFor()
  await run.shot(page, 'signin-second', false)
  await inspect(page, 'second step', wrong)
  await until('a wrong code is cleared', () => field.inputValue(), '')
  await field.fill(code(me.key, 0)) // the sixth digit sends it
  await page.waitForURL(/\/console\/(cases|orders)/)
}

async function addPasskey(me, run, wrong) {
  const { page, t } = me
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto('/console/security')
  await button(me, 'factor.add_passkey').click()
  const dialog = page.getByRole('dialog', { name: t('factor.add_passkey') })
  await dialog.getByLabel(t('factor.name'), { exact: true }).fill('办公室电脑')
  await dialog.getByRole('button', { name: t('factor.make_passkey'), exact: true }).click()
  const question = page.getByRole('dialog', { name: t('stepup.title') })
  await question.getByLabel(t('factor.code'), { exact: true }).fill(code(me.key, 1))
  await page.getByText('办公室电脑', { exact: true }).waitFor()
  await question.waitFor({ state: 'hidden' })
  const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
  check(credentials.length === 1 && credentials[0].rpId === 'localhost', `passkeys ${JSON.stringify(credentials)}`)
  await run.shot(page, 'signin-security', false)
  await inspect(page, 'security', wrong)
  await sideways(page, narrow, desk, 'security', wrong)
}

async function alone(me, run) {
  const { page } = me
  await signOut(me)
  await button(me, 'signin.passkey').click()
  await page.waitForURL(/\/console\/(cases|orders)/)
  const shown = await page.evaluate(async () => (await (await fetch('/v1/session')).json()).shown)
  check(shown.join() === 'passkey', `signed in with ${shown}`)
  await signOut(me)
  await password(me, run, 'agent')
  await button(me, 'factor.use_passkey').click()
  await page.waitForURL(/\/console\/(cases|orders)/)
}

async function recovery(browser, run, agent, wrong) {
  const me = await signIn(browser, run, 'agent', { viewport: phone })
  const { page, t } = me
  await page.getByRole('button', { name: t('factor.way.recovery'), exact: true }).click()
  const field = page.getByLabel(t('factor.recovery_code'), { exact: true })
  await field.fill(agent.codes[0].toUpperCase())
  await run.shot(page, 'signin-recovery-phone')
  await inspect(page, 'recovery code', wrong)
  await button(me, 'factor.go_on').click()
  await page.waitForURL(/\/console\/(cases|orders)/)
  await signOut(me)
  await password(me, run, 'agent')
  await page.getByRole('button', { name: t('factor.way.recovery'), exact: true }).click()
  await field.fill(agent.codes[0])
  await button(me, 'factor.go_on').click()
  await page.getByText(t('problem.factor.wrong')).waitFor()
}

async function reset(boss, run, wrong) {
  const { page, t } = boss
  const name = run.staff.agent.name
  await page.goto('/console/staff')
  await button(boss, 'factor.reset_one', { name }).click()
  await run.shot(page, 'signin-reset', false)
  await inspect(page, 'reset', wrong)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('factor.reset'), exact: true })
    .click()
  await page.getByText(t('factor.was_reset', { name })).waitFor()
  for (const word of ['新增了第二重验证', '使用了一个恢复码', '第二重验证已被重置'])
    await mail(run, run.staff.agent.email, word)
}

async function others(browser, run, wrong) {
  for (const language of ['en', 'zh-TW']) {
    for (const dark of [false, true]) {
      const where = `${language}${dark ? ' dark' : ''}`
      const me = await signIn(browser, run, 'agent', { language, dark, viewport: phone })
      const { page, t } = me
      await page.getByRole('heading', { level: 1, name: t('first.title') }).waitFor()
      await page.getByRole('button', { name: t('factor.kind.totp') }).click()
      await page.getByRole('img', { name: t('factor.qr') }).waitFor()
      await inspect(page, `first app, ${where}`, wrong)
      await sideways(page, narrow, phone, `first app, ${where}`, wrong)
      await run.shot(page, `signin-app-${language}${dark ? '-dark' : ''}`)
    }
  }
}

/** What an app shows; `ahead` steps of half a minute from now. */
export function code(key, ahead) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from(bits.match(/.{8}/g).map((one) => Number.parseInt(one, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const sum = createHmac('sha1', secret).update(step).digest()
  const number = sum.readUInt32BE(sum.at(-1) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}
