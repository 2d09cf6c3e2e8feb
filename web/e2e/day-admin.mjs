// An administrator's day: somebody new with a role, a key for a program that is
// taken back, what the log says about both, and pages that others may not see.
import { check, desk, narrow, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { golden } from './golden.mjs'
import { inspect, sideways } from './inspect.mjs'
import { follow, settled } from './wait.mjs'

const fresh = { name: '吴敏', email: 'wu.min@shop.example', password: 'a boat on the lake 2026' }

export async function walk(browser, run) {
  const wrong = []
  const t = await texts('zh-CN')
  const me = run.with(await run.step('the administrator signs in', () => door(browser, run, wrong)))
  const now = { ...me, run, wrong }
  await run.step('adds somebody', () => adds(now))
  await run.step('makes a key and takes it back', () => key(now))
  await run.step('the log tells', () => log(now))
  await me.context.close()
  await run.step('the new colleague signs in and sees no more than the role', () => colleague(browser, run, t, wrong))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function door(browser, run, wrong) {
  const me = await signIn(browser, run, 'administrator', { viewport: desk })
  const visitor = await browser.newContext({
    baseURL: run.url,
    locale: 'zh-CN',
    viewport: desk,
    reducedMotion: 'reduce',
  })
  const page = await visitor.newPage()
  follow(page)
  await page.goto('/console/')
  await page.getByLabel(me.t('signin.password'), { exact: true }).waitFor()
  await settled(page)
  await golden(page, 'signin-zh-CN', wrong)
  await visitor.close()
  return me
}

async function looks(page, what, wrong) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${what} ${colorScheme}`, wrong)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await sideways(page, narrow, desk, what, wrong)
}

async function adds({ page, t, run, wrong }) {
  await page.goto('/console/staff')
  await page.getByRole('button', { name: t('staff.add'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('act.save'), exact: true }).click()
  await dialog.getByText(t('staff.need')).first().waitFor()
  await looks(page, 'an empty form', wrong)
  await dialog.getByLabel(t('staff.name'), { exact: true }).fill(fresh.name)
  await dialog.getByLabel(t('signin.email'), { exact: true }).fill(fresh.email)
  await dialog.getByLabel(t('signin.password')).fill(fresh.password)
  await dialog.getByLabel(t('staff.role')).selectOption('warehouse')
  await run.shot(page, 'day-admin-new', false)
  await dialog.getByRole('button', { name: t('act.save'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(fresh.email).first().waitFor()
  await run.shot(page, 'day-admin-staff', false)
}

async function key({ page, t, run, wrong }) {
  await page
    .getByRole('tab', { name: t('staff.keys') })
    .or(page.getByRole('button', { name: t('staff.keys') }))
    .first()
    .click()
  await page
    .getByRole('button', { name: t('keys_page.add'), exact: true })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('keys_page.name')).fill('仓库扫描')
  await dialog.getByRole('checkbox').first().check({ force: true })
  await dialog.getByRole('button', { name: t('keys_page.make'), exact: true }).click()
  await dialog.getByLabel(t('keys_page.secret')).waitFor()
  await looks(page, 'a key once', wrong)
  await dialog.getByRole('button', { name: t('keys_page.stored') }).click()
  await page.getByRole('button', { name: t('keys_page.revoke_one', { name: '仓库扫描' }) }).click()
  await dialog.getByRole('button', { name: t('keys_page.revoke'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await run.shot(page, 'day-admin-keys', false)
}

async function log({ page, t, run, wrong }) {
  await page.goto('/console/audit')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByText(t('event.staff.created'), { exact: true }).and(page.locator(':not(option)')).first().waitFor()
  await looks(page, 'the log', wrong)
  await run.shot(page, 'day-admin-audit', false)
}

async function colleague(browser, run, t, wrong) {
  const staff = { ...run.staff, fresh }
  const me = run.with(await signIn(browser, { ...run, staff }, 'fresh', { viewport: phone, touch: true }))
  const { page } = me
  await page.getByRole('heading', { name: t('scan.title') }).waitFor()
  for (const closed of ['staff', 'settings', 'audit', 'payouts']) {
    await page.goto(`/console/${closed}`)
    await page.getByRole('heading', { name: t('denied.title') }).waitFor()
    await inspect(page, `${closed} denied`, wrong)
  }
  await run.shot(page, 'day-admin-denied', false)
  await me.context.close()
}
