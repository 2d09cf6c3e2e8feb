// A parcel that should be stopped: asked, agreed and refused, each seen on its case and
// in the list, in each language.
import { call, check, desk, narrow, texts } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { settled } from './wait.mjs'

const languages = ['zh-CN', 'zh-TW', 'en']
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

export async function walk(browser, run) {
  const wrong = []
  const chief = run.with(await run.step('staff sign in', () => signIn(browser, run, 'administrator')))
  const now = { browser, run, wrong, chief, ...chief }
  now.stopped = await run.step('two refunds ask to stop parcels', () => Promise.all(run.sent.map((one) => ask(now, one))))
  await run.step('asked', () => asked(now))
  await run.step('the carrier agrees', () => answer(now, now.stopped[0], true))
  await run.step('the carrier refuses', () => answer(now, now.stopped[1], false))
  for (const language of languages) await run.step(`seen in ${language}`, () => seen(now, language))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

const api = ({ run }, method, path, body) => call(run, run.key, method, path, body, { 'If-Match': '*' })

async function looks({ run, wrong }, page, what, schemes = ['dark', 'light']) {
  await settled(page)
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${what} ${colorScheme}`, wrong)
  }
  await run.shot(page, `parcels-${what.replaceAll(' ', '-')}`, false)
}

async function ask(now, { number }) {
  const { items } = await api(now, 'GET', `/v1/orders?q=${number}`)
  const lines = [{ line: 1, quantity: 1, reason: 'no_longer_needed' }]
  const made = await api(now, 'POST', '/v1/cases', { kind: 'refund_only', order: items[0].id, items: lines, intercept: true })
  if (made.state === 'submitted') await api(now, 'POST', `/v1/cases/${made.id}/actions`, { action: 'approve' })
  const found = await api(now, 'GET', `/v1/cases/${made.id}`)
  const stop = found.parcels.find((one) => one.direction === 'original')?.stop
  check(stop?.wish === 'intercept_requested' && stop.by_hand && stop.until, `a person has to ask: ${JSON.stringify(stop)}`)
  return found
}

async function asked(now) {
  const { page, t, stopped } = now
  await open(now, stopped[0].id)
  await page.getByText(t('parcels.stop.by_hand')).first().scrollIntoViewIfNeeded()
  await looks(now, page, 'asked')
  await page.getByRole('link', { name: t('parcels.stop.record') }).first().click()
  await page.waitForURL(/\/stopped/)
  for (const one of stopped) await page.getByRole('row').filter({ hasText: one.number }).waitFor()
  await looks(now, page, 'to be stopped')
  await sideways(page, narrow, desk, 'to be stopped', now.wrong)
}

async function answer(now, found, yes) {
  const { page, t, wrong } = now
  await page.goto('/console/stopped')
  const row = page.getByRole('row').filter({ hasText: found.number })
  await press(row, t(yes ? 'stopped.yes' : 'stopped.no'))
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('stopped.why')).fill(yes ? '已退回发件站' : '已在派送途中')
  await inspect(page, `the answer of a carrier ${yes}`, wrong)
  await press(dialog, t('act.save'))
  await dialog.waitFor({ state: 'hidden' })
  await row.waitFor({ state: 'detached' })
  await page.getByLabel(t('stopped.show')).selectOption(yes ? 'intercepted' : 'intercept_refused')
  await row.getByText(t(yes ? 'stopped.intercepted' : 'stopped.intercept_refused'), { exact: true }).first().waitFor()
  await looks(now, page, yes ? 'stopped' : 'not stopped', [yes ? 'dark' : 'light'])
}

/** Both answers on their cases: when it was asked, what the carrier said and when. */
async function seen(now, language) {
  const { browser, run, stopped } = now
  const me = run.with(await signIn(browser, run, 'agent', { language }))
  const t = await texts(language)
  const start = (key) => t(key).split('{time}')[0].trim() || t(key).split('{time}')[1].trim()
  for (const [found, wish, why] of [
    [stopped[0], 'intercepted', '已退回发件站'],
    [stopped[1], 'intercept_refused', '已在派送途中'],
  ]) {
    await open(me, found.id)
    await me.page.getByText(start(`parcels.stop.${wish}`)).first().waitFor()
    await me.page.getByText(start('parcels.stop.answered')).first().waitFor()
    await me.page.getByText(why).first().scrollIntoViewIfNeeded()
    await looks(now, me.page, `${wish} ${language}`, [language === 'zh-CN' ? 'dark' : 'light'])
  }
  await sideways(me.page, narrow, desk, `a stopped parcel ${language}`, now.wrong)
  await me.context.close()
}
