// A day at the bench, on a tablet: the queue, codes that are wrong, a parcel
// with something missing and something that was not announced, a network that
// goes away, grades with photos, the next parcel on Enter, and one through the
// camera.
import { join } from 'node:path'
import { call, check, phone, tablet } from './browser.mjs'
import { film, launchWithCamera } from './camera.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { until } from './wait.mjs'

const shirts = '云麦 长绒棉 T 恤 Cotton T-shirt'

export async function walk(browser, run) {
  const wrong = []
  const first = await run.step('a parcel has arrived', () => parcel(run, run.buyers.bench, 'delivered', 2))
  const second = await run.step('another is on its way', () => parcel(run, run.buyers.bench2, 'in_transit', 1))
  const me = run.with(await signIn(browser, run, 'warehouse', { viewport: tablet, touch: true }))
  const now = { ...me, run, wrong, first, second }
  await run.step('the queue tells what is here and what is coming', () => queue(now))
  await run.step('a number nobody knows', () => unknown(now))
  await run.step('a scanner opens the parcel', () => scan(now, first.tracking, first.id))
  await run.step('what is missing, and what was not announced', () => count(now))
  await run.step('another parcel is scanned by mistake', () => other(now))
  await run.step('without a network nothing is lost', () => offline(now))
  await run.step('grades with reasons and a photo', () => grade(now))
  await run.step('the next parcel on Enter', () => next(now))
  await run.step('a parcel that was counted says so', () => again(now))
  await me.context.close()
  await run.step('the camera reads the label', () => camera(run, second, wrong))
  check(wrong.length === 0, wrong.join('\n'))
}

/** A return that was approved, with a parcel that the carrier has scanned. */
async function parcel(run, buyer, status, quantity) {
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${buyer.number}`)
  const made = await call(run, run.key, 'POST', '/v1/cases', {
    order: items[0].id,
    items: [{ line: 2, quantity, reason: 'not_as_described' }],
    comment: '领口脱线',
  })
  const act = (body) => call(run, run.key, 'POST', `/v1/cases/${made.id}/actions`, body, { 'If-Match': '*' })
  if (made.state === 'submitted') await act({ action: 'approve' })
  const { tracking, number } = await call(run, run.key, 'GET', `/v1/cases/${made.id}`)
  const scans = status === 'delivered' ? ['in_transit', 'delivered'] : [status]
  for (const [index, one] of scans.entries())
    await call(run, run.key, 'POST', '/v1/scans', {
      carrier: 'own',
      tracking,
      status: one,
      at: new Date(Date.now() - 5000 + index * 1000).toISOString(),
      place: '杭州滨江',
      id: `${tracking}-${one}`,
    })
  return { id: made.id, tracking, number }
}

const focused = (page) => until('the scan field has the focus', () => page.evaluate(() => document.activeElement?.hasAttribute('data-scan')))

/** Types as a scanner does: all at once, wherever the focus is. */
async function wedge(page, code) {
  await page.evaluate((text) => {
    for (const key of [...text, 'Enter']) {
      const event = new KeyboardEvent('keydown', {
        key,
        code: key === 'Enter' ? key : '',
        bubbles: true,
        cancelable: true,
      })
      const free = document.activeElement.dispatchEvent(event)
      const field = document.activeElement
      if (!free || !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue
      if (key === 'Enter') field.form?.requestSubmit()
      else {
        field.setRangeText(key, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end')
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
    }
  }, code)
}

async function queue({ page, t, run, wrong, first, second }) {
  check(new URL(page.url()).pathname === '/console/warehouse', `the day begins at the scanner, not at ${page.url()}`)
  const list = (key) => page.locator('section').filter({ has: page.getByRole('heading', { name: t(key) }) })
  await list('scan.here').getByText(first.number).waitFor()
  await list('scan.coming').getByText(second.number).waitFor()
  await focused(page)
  await run.shot(page, 'day-warehouse-queue', false)
  await looks(page, 'the queue', wrong)
}

/** Both colour schemes, and no scrolling sideways on a phone. */
async function looks(page, where, wrong) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${where} ${colorScheme}`, wrong)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await sideways(page, phone, tablet, where, wrong)
}

async function unknown({ page, t, run, wrong }) {
  await wedge(page, 'XX0000000001')
  await page
    .getByRole('alert')
    .filter({ hasText: t('scan.unknown', { tracking: 'XX0000000001' }) })
    .waitFor()
  await focused(page)
  await run.shot(page, 'day-warehouse-unknown', false)
  await inspect(page, 'unknown number', wrong)
}

async function scan({ page, t }, tracking, id) {
  await wedge(page, tracking)
  await page.waitForURL(`**/console/warehouse/${id}*`)
  await page.getByRole('button', { name: t('receive.send'), exact: true }).waitFor()
}

async function count({ page, t, run, wrong }) {
  const counter = page.getByRole('group', { name: t('receive.count', { title: shirts }) })
  await counter.getByRole('button', { name: t('act.less') }).click()
  await page.getByText(t('receive.missing', { count: 1 }), { exact: true }).waitFor()
  await wedge(page, 'OTHER-SKU-77')
  const alert = page.getByRole('alert').filter({ hasText: t('bench.unknown', { code: 'OTHER-SKU-77' }) })
  await alert.getByRole('button', { name: t('bench.add') }).click()
  await until('the article is noted', () => page.getByLabel('SKU', { exact: true }).inputValue(), 'OTHER-SKU-77')
  await page.getByLabel(t('odd.name'), { exact: true }).fill('旧毛巾')
  await run.shot(page, 'day-warehouse-count')
  await looks(page, 'counting', wrong)
}

async function other({ page, t, run, wrong, second }) {
  await page.getByLabel(t('odd.note'), { exact: true }).fill('不是我们的')
  await wedge(page, second.tracking)
  const alert = page.getByRole('alert').filter({ hasText: second.number })
  await alert.getByRole('link', { name: t('bench.go', { number: second.number }) }).waitFor()
  await until('what a scanner types does not stay in a field', () => page.getByLabel(t('odd.note'), { exact: true }).inputValue(), '不是我们的')
  await run.shot(page, 'day-warehouse-wrong', false)
  await inspect(page, 'wrong parcel', wrong)
  await alert.getByRole('button', { name: t('bench.stay') }).click()
}

async function offline({ page, t, run, wrong, context, first }) {
  await context.setOffline(true)
  await page.getByText(t('state.offline')).waitFor()
  await page.getByRole('button', { name: t('receive.send'), exact: true }).click()
  await page.getByText(t('problem.network.unreachable')).waitFor()
  await run.shot(page, 'day-warehouse-offline', false)
  await inspect(page, 'without a network', wrong)
  await context.setOffline(false)
  await page.reload()
  await page.getByText(t('draft.kept')).waitFor()
  await until('what was entered is back', () => page.getByLabel(t('odd.name'), { exact: true }).inputValue(), '旧毛巾')
  check(page.url().includes(first.id), 'the same parcel')
  await page.getByRole('button', { name: t('receive.send'), exact: true }).click()
  await page.getByRole('button', { name: t('grade.send'), exact: true }).waitFor()
}

async function grade({ page, t, run, wrong }) {
  await page.getByText(t('grade.B'), { exact: true }).first().click()
  await page.getByRole('button', { name: t('grade.why.opened') }).click()
  await page.locator('input[type=file][capture]').first().setInputFiles(run.photo)
  await page.getByRole('button', { name: t('photo.remove', { count: 1 }) }).waitFor()
  await page.getByLabel(t('photo.sending')).first().waitFor({ state: 'detached' })
  await page.getByLabel(t('grade.disposition')).selectOption('liquidate')
  await run.shot(page, 'day-warehouse-grade', false)
  await looks(page, 'grading', wrong)
  await page.setViewportSize(phone)
  await run.shot(page, 'day-warehouse-grade-phone', false)
  const under = () => page.evaluate(() => [...document.querySelectorAll('button[type=submit]')].at(-1).getBoundingClientRect().bottom - innerHeight)
  await until('the button to send is within reach, and not px under it', under, (px) => px <= 0)
  await page.setViewportSize(tablet)
  await page.getByRole('button', { name: t('grade.send'), exact: true }).click()
  await page.getByText(t('bench.finished'), { exact: true }).waitFor()
}

async function next({ page, t, run, wrong }) {
  await run.shot(page, 'day-warehouse-done', false)
  await inspect(page, 'done', wrong)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/warehouse')
  await page.getByRole('heading', { name: t('scan.title') }).waitFor()
}

async function again({ page, t, run, first }) {
  await wedge(page, first.tracking)
  await page.waitForURL(`**/console/warehouse/${first.id}*`)
  await page
    .getByRole('alert')
    .filter({ hasText: t('bench.already_done', { tracking: first.tracking }) })
    .waitFor()
  await run.shot(page, 'day-warehouse-again', false)
}

async function camera(run, second, wrong) {
  const seeing = await launchWithCamera(await film(join(run.out, 'label.y4m'), second.tracking))
  try {
    const me = run.with(await signIn(seeing, run, 'warehouse', { viewport: tablet }))
    const { page, t } = me
    await page.getByRole('button', { name: t('scan.camera') }).click()
    await page
      .getByText(t('scan.camera_look'))
      .or(page.getByRole('button', { name: t('receive.send') }))
      .first()
      .waitFor()
    await page.waitForURL(`**/console/warehouse/${second.id}*`, { timeout: 120_000 })
    await page.getByRole('button', { name: t('receive.send'), exact: true }).waitFor()
    await run.shot(page, 'day-warehouse-camera', false)
    await me.context.close()
    const blind = run.with(await signIn(seeing, run, 'warehouse', { viewport: tablet }))
    await blind.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))
    })
    await blind.page.getByRole('button', { name: t('scan.camera') }).click()
    await blind.page
      .getByRole('alert')
      .filter({ hasText: t('scan.camera_denied') })
      .waitFor()
    await inspect(blind.page, 'camera denied', wrong)
    await run.shot(blind.page, 'day-warehouse-denied', false)
    await blind.context.close()
  } finally {
    await seeing.close()
  }
}
