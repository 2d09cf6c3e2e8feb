// What leaves the frame: files are saved from inside it, what somebody owes is
// paid on the page of the company in a tab of its own, which leads back to the
// same case in the frame; and pages that may not be framed are not.
import { call, check, person, phone, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { until } from './wait.mjs'

const act = async (run, id, body) => {
  const found = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  return call(run, run.key, 'POST', `/v1/cases/${id}/actions`, body, { 'If-Match': `"${found.version}"` })
}

/** An exchange for something dearer, which waits for the shirt. */
async function exchange(run, buyer) {
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${buyer.number}`)
  const wanted = { line: 2, quantity: 1, reason: 'not_as_described', sku: 'POT' }
  const made = await call(run, run.key, 'POST', '/v1/cases', { order: items[0].id, kind: 'exchange', items: [wanted] })
  if (made.state === 'submitted') await act(run, made.id, { action: 'approve' })
  return made.id
}

/** A file that is saved where it was asked for. */
async function saved({ page }, link, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  check(name.test(file.suggestedFilename()), `saved as ${file.suggestedFilename()}`)
  check((await file.failure()) === null, `not saved: ${await file.failure()}`)
}

export async function leaving(visitor, lookUp, browser, run, wrong) {
  const me = run.with(await visitor(browser, run, { language: 'en', viewport: phone }))
  const { page, inside, context, button } = me
  const t = await texts('en')
  const id = await exchange(run, run.buyers.widget_pay)
  const frame = () => page.frames().find((one) => one.url().startsWith(run.url))
  await page.goto(run.site)
  await button.click()
  await inside.getByRole('heading', { level: 1 }).waitFor()
  await lookUp(me, run, t, run.buyers.widget_pay)
  await inside.locator(`a[href$="/cases/${id}"]`).first().click()
  await inside.getByRole('heading', { name: t('case.items'), exact: true }).waitFor()

  await saved(me, inside.getByRole('link', { name: t('parcel.label'), exact: true }), /\.pdf$/)
  // Where the browser or an app around it does not save, the way out is offered.
  const [alone] = await Promise.all([
    context.waitForEvent('page'),
    inside.getByRole('status').getByRole('button', { name: 'Open in a new tab' }).click(),
  ])
  await alone.getByLabel(t('lookup.order'), { exact: true }).waitFor()
  check(new URL(alone.url()).searchParams.get('back') === `/cases/${id}`, `it goes on at the case: ${alone.url()}`)
  await alone.close()
  await inside.locator('[data-seal] summary').click()
  await inside.locator('[data-seal] button').last().click()
  await saved(me, inside.locator('[data-evidence]'), /^evidence-.*\.zip$/)
  await run.shot(page, 'widget-saved', false)
  check(new URL(page.url()).origin === run.site, 'the site is still there')

  await act(run, id, { action: 'receive', items: [{ line: 2, quantity: 1 }] })
  await act(run, id, { action: 'grade', items: [{ line: 2, count: 1, grade: 'A', disposition: 'restock' }] })
  await frame().goto(frame().url())
  const pay = inside.getByRole('button', { name: t('pay.with', { name: t('provider.stripe') }), exact: true })
  await pay.waitFor()
  await run.shot(page, 'widget-owes', false)
  await inspect(frame(), 'a difference to pay', wrong)
  // By keys: a headless browser may not send the mouse to a frame of another site that was just loaded and scrolled.
  const agree = async () => {
    await pay.press('Enter')
    await inside.getByRole('dialog', { name: t('pay.title') }).getByRole('button', { name: t('pay.action') }).press('Enter')
  }
  // A browser that lets no tab be opened: a link does the same.
  await frame().evaluate(() => (window.open = () => null))
  await agree()
  const link = inside.getByRole('link', { name: t('pay.continue'), exact: true })
  await link.waitFor()
  const [first] = await Promise.all([context.waitForEvent('page'), link.press('Enter')])
  await first.getByRole('button', { name: /^Pay/ }).waitFor()
  check(first.url().startsWith(`${run.till}/pay/`), `the page of the company: ${first.url()}`)
  await first.close()
  await frame().goto(frame().url())
  const [company] = await Promise.all([context.waitForEvent('page'), agree()])
  await company.getByRole('button', { name: /^Pay/ }).waitFor()
  check(new URL(page.url()).origin === run.site, 'the site is left for nothing')
  await Promise.all([company.waitForEvent('close'), company.getByRole('button', { name: /^Pay/ }).click()])
  await pay.waitFor({ state: 'detached' })
  await inside.getByRole('heading', { name: t('case.items'), exact: true }).waitFor()
  check(frame().url().includes(`/cases/${id}`), `the frame shows ${frame().url()}`)
  await until('the exchange is paid', async () => (await call(run, run.key, 'GET', `/v1/cases/${id}`)).exchange.state, 'allocated')
  await run.shot(page, 'widget-paid', false)
  await inspect(frame(), 'paid', wrong)
  await context.close()
}

/** Pages that no site may show inside its own, also one that shows the widget. */
export async function neverFramed(browser, run) {
  const { page, context } = await person(browser, { ...run, url: run.site }, { language: 'en', viewport: phone })
  const pages = ['/', '/orders', '/cases/case_1', '/return/ord_1', '/link/x', '/console', '/console/inbox', '/verify', '/v1/shop', '/widget/console']
  await page.goto(`${run.site}/frames?${new URLSearchParams(pages.map((one) => ['of', `${run.url}${one}`]))}`)
  await page.waitForLoadState('load')
  const shown = page.frames().filter((one) => one !== page.mainFrame())
  check(shown.length === pages.length, `${shown.length} frames`)
  for (const one of shown) {
    const text = await one.evaluate(() => document.querySelector('#app')?.textContent ?? '').catch(() => '')
    check(!one.url().startsWith(run.url) && text === '', `${one.url()} is shown inside a site`)
  }
  await context.close()
}
