// What staff do in the console.
import { desk, person, texts } from './browser.mjs'

/** Signs in with e-mail and password. */
export async function signIn(browser, run, role, options = {}) {
  const me = await person(browser, run, { viewport: desk, ...options })
  const { page } = me
  const { email, password } = run.staff[role]
  const t = await texts(me.language)
  await page.goto('/console/')
  await page.getByLabel(t('signin.email'), { exact: true }).fill(email)
  await page.getByLabel(t('signin.password'), { exact: true }).fill(password)
  await page.getByRole('button', { name: t('signin.enter'), exact: true }).click()
  await page.waitForURL(/\/console\/(cases|warehouse)/)
  return { ...me, t }
}

/** Opens a case from the list. */
export async function open({ page, t }, id) {
  await page.goto(`/console/cases/${id}`)
  await page
    .getByRole('button', { name: t('do.approve'), exact: true })
    .or(page.getByRole('heading', { level: 1 }))
    .first()
    .waitFor()
}

export async function approve(me, run, id, as = '') {
  const { page, t } = me
  await open(me, id)
  if (as) await run.shot(page, `${as}-console-case`, false)
  await page.getByRole('button', { name: t('do.approve'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('approve.note')).fill('同意退货，请尽快寄回')
  if (as) await run.shot(page, `${as}-console-approve`, false)
  await run.inspect?.(page, 'approve')
  await dialog.getByRole('button', { name: t('approve.send'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** Scans the parcel and counts what is in it. */
export async function receive({ page, t }, run, id, tracking, as = '') {
  await page.goto('/console/warehouse')
  await page.getByLabel(t('scan.label'), { exact: true }).fill(tracking)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/console/warehouse/${id}*`)
  await page.getByRole('button', { name: t('receive.send'), exact: true }).waitFor()
  if (as) await run.shot(page, `${as}-console-receive`, false)
  await page.getByRole('button', { name: t('receive.send'), exact: true }).click()
  await page.getByRole('button', { name: t('grade.send'), exact: true }).waitFor()
}

/** Gives everything the best grade, with a photo of the first piece. */
export async function grade({ page, t }, run, as = '') {
  const groups = page.getByRole('radiogroup', { name: t('grade.label') })
  for (let at = 0; at < (await groups.count()); at++) await groups.nth(at).getByText(t('grade.A')).click()
  await page.locator('input[type=file]').first().setInputFiles(run.photo)
  await page.getByRole('button', { name: t('photo.remove', { count: 1 }) }).waitFor()
  await page.getByLabel(t('photo.sending')).first().waitFor({ state: 'detached' })
  if (as) await run.shot(page, `${as}-console-grade`, false)
  await run.inspect?.(page, 'grade')
  await page.getByRole('button', { name: t('grade.send'), exact: true }).click()
  await page.getByText(t('bench.finished'), { exact: true }).waitFor()
}
