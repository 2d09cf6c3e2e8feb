// An administrator says when the shop's own people work: what is wrong is said at
// its field, what saving changes is shown before, and a file is read and written.
import { call, check, desk, narrow, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { openCase } from './staff.mjs'
import { until } from './wait.mjs'

const looks = [
  { language: 'en', dark: false },
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
]
const file = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Shop//EN',
  ...['20320204', '20320205'].flatMap((day, n) => [
    'BEGIN:VEVENT',
    `UID:${n}@shop`,
    'DTSTAMP:20260101T000000Z',
    `DTSTART;VALUE=DATE:${day}`,
    n ? 'RRULE:FREQ=WEEKLY' : 'SUMMARY:Inventory',
    'END:VEVENT',
  ]),
  'END:VCALENDAR',
  '',
].join('\r\n')

export async function walk(browser, run) {
  const wrong = []
  const id = await openCase(run, run.buyers.whole)
  const running = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  for (const look of looks) {
    const me = run.with(await signIn(browser, run, 'administrator', look))
    const now = { run, wrong, page: me.page, t: me.t, running, ...look }
    if (look === looks[0]) {
      await run.step('nothing is set yet', () => empty(now))
      await run.step('what is wrong is said', () => errors(now))
      await run.step('what saving changes is shown', () => saves(now))
      await run.step('a file goes in and out', () => files(now))
      await run.step('somebody else was faster', () => stale(now))
    }
    await run.step(`the calendars in ${look.language}`, () => looked(now))
    await me.context.close()
  }
  await run.step('a seller has hours of its own', () => sellers(browser, run, wrong))
  await run.step('the shop looks at a seller', () => shopLooks(browser, run, wrong))
  await run.step('others look, or do not', () => others(browser, run, wrong))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

const day = (plus) => new Date(Date.now() + plus * 86_400_000).toISOString().slice(0, 10)
const press = (page, name) => page.getByRole('button', { name, exact: true }).click()
const panel = (page, name) => page.getByRole('region', { name, exact: true })

async function empty({ page, t, run, wrong }) {
  await page.goto('/console/calendars')
  await page.getByRole('heading', { name: t('nav.calendars'), level: 1 }).waitFor()
  await page.getByText(t('calendars.none')).waitFor()
  await page.getByText(t('calendars.no_closures')).waitFor()
  await page.getByText(t('calendars.no_history')).waitFor()
  await inspect(page, 'no calendar yet', wrong)
  await run.shot(page, 'calendars-empty')
}

async function errors({ page, t, run, wrong }) {
  await page.getByRole('radio', { name: t('calendars.mode.worked') }).check()
  await press(page, t('calendars.add_closure'))
  const rows = panel(page, t('calendars.closures')).getByRole('listitem')
  await rows.first().getByLabel(t('calendars.first')).fill(day(5))
  await rows.first().getByLabel(t('calendars.last')).fill(day(2))
  await page.getByLabel(t('calendars.zone'), { exact: true }).fill('Mars/Olympus')
  await press(page, t('calendars.add_part', { day: 'Monday' }))
  await page.getByLabel(t('calendars.opens', { day: 'Monday' })).last().fill('10:00')
  await press(page, t('calendars.look'))
  for (const code of ['zone', 'name', 'order', 'overlap']) {
    await page.getByText(t(`calendars.bad.${code}`)).first().waitFor()
  }
  await until('the first wrong field has the focus', () => page.evaluate(() => document.activeElement.getAttribute('aria-invalid')), 'true')
  await inspect(page, 'a calendar that cannot be used', wrong)
  await run.shot(page, 'calendars-errors')
  await page.getByLabel(t('calendars.zone'), { exact: true }).fill('Asia/Shanghai')
  await page.getByRole('button', { name: t('calendars.drop_part', { day: 'Monday' }) }).last().click()
  await rows.first().getByLabel(t('calendars.name')).fill('Spring Festival')
  await rows.first().getByLabel(t('calendars.first')).fill(day(-1))
  await rows.first().getByLabel(t('calendars.last')).fill(day(6))
  await page.getByLabel(t('calendars.country'), { exact: true }).selectOption('CN')
}

async function saves({ page, t, run, wrong, running }) {
  await page.getByLabel(t('calendars.zone'), { exact: true }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/^1 deadline is running/).waitFor()
  await dialog.getByText(/^1 of them ends while/).waitFor()
  await dialog.getByRole('link', { name: running.number }).waitFor()
  await inspect(page, 'what saving changes', wrong)
  await run.shot(page, 'calendars-effect', false)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await press(page, t('calendars.look'))
  await dialog.getByRole('button', { name: t('act.save'), exact: true }).press('Enter')
  await page.getByText(t('calendars.saved')).first().waitFor()
  await dialog.waitFor({ state: 'hidden' })
  const past = panel(page, t('calendars.history'))
  await past.getByText(t('calendars.version', { version: 1 })).waitFor()
  await past.getByText(run.staff.administrator.name).first().waitFor()
  const kept = await call(run, run.key, 'GET', `/v1/cases/${running.id}`)
  check(kept.timers[0].deadline === running.timers[0].deadline, 'a deadline that runs keeps its time')
  const later = await openCase(run, run.buyers.english)
  const { timers } = await call(run, run.key, 'GET', `/v1/cases/${later}`)
  const days = (new Date(timers[0].deadline) - Date.now()) / 86_400_000
  check(days > 7, `a deadline that begins now waits for the end of the closure: ${days} days`)
}

async function files({ page, t, run, wrong }) {
  const input = page.locator('input[type=file]')
  await input.setInputFiles({ name: 'a.ics', mimeType: 'text/calendar', buffer: Buffer.from('<html>') })
  await page.getByText(t('problem.opening.file')).waitFor()
  await input.setInputFiles({ name: 'a.ics', mimeType: 'text/calendar', buffer: Buffer.from(file) })
  const dialog = page.getByRole('dialog')
  await dialog.getByText(t('calendars.why.repeats')).waitFor()
  await inspect(page, 'what a file holds', wrong)
  await run.shot(page, 'calendars-file', false)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  const rows = panel(page, t('calendars.closures')).getByRole('listitem')
  await until('the day of the file is in the form', () => rows.last().getByLabel(t('calendars.name')).inputValue(), 'Inventory')
  await press(page, t('calendars.add_extra'))
  const extra = panel(page, t('calendars.extra'))
  await extra.getByLabel(t('calendars.day'), { exact: true }).fill('2032-02-07')
  await press(page, t('calendars.look'))
  await dialog.getByRole('button', { name: t('act.save'), exact: true }).click()
  await panel(page, t('calendars.history')).getByText(t('calendars.version', { version: 2 })).waitFor()
  const got = await (await page.request.get('/v1/shop/calendars/service/calendar.ics')).text()
  check(got.includes('SUMMARY:Inventory') && got.includes('DTSTART;VALUE=DATE:20320207'), `the file that comes out: ${got}`)
  await page.reload()
  await rows.nth(1).waitFor()
  await run.shot(page, 'calendars-service')
}

async function stale({ page, t, run, wrong }) {
  const now = await call(run, run.key, 'GET', '/v1/shop/calendars/service')
  const { desk: _desk, version, timers: _timers, own: _own, $schema: _schema, ...body } = now
  await call(run, run.key, 'PUT', '/v1/shop/calendars/service', { ...body, mode: 'wait' }, { 'If-Match': `"${version}"` })
  await page.getByRole('radio', { name: t('calendars.mode.clock') }).first().check()
  await press(page, t('calendars.look'))
  await page.getByRole('dialog').getByRole('button', { name: t('act.save'), exact: true }).click()
  await page.getByText(t('problem.opening.stale')).waitFor()
  await inspect(page, 'somebody was faster', wrong)
  await press(page, t('calendars.take_theirs'))
  await page.getByText(t('problem.opening.stale')).waitFor({ state: 'hidden' })
  await until('what the other one saved is shown', () => page.getByRole('radio', { name: t('calendars.mode.wait') }).isChecked())
}

async function looked({ page, t, run, wrong, language }) {
  await page.goto('/console/calendars')
  await panel(page, t('calendars.history')).getByText(t('calendars.version', { version: 3 })).waitFor()
  await inspect(page, `the service, ${language}`, wrong)
  await sideways(page, narrow, desk, `the service, ${language}`, wrong)
  await run.shot(page, `calendars-${language}`)
  await press(page, t('calendars.of.warehouse'))
  await page.getByText(t('calendars.about.warehouse')).waitFor()
  await press(page, t('calendars.of.public'))
  await page.getByLabel(t('calendars.country'), { exact: true }).selectOption('CN')
  await page.getByLabel(t('calendars.year'), { exact: true }).selectOption('2026')
  await page.getByRole('cell', { name: t('calendars.worked'), exact: true }).first().waitFor()
  await inspect(page, `what countries publish, ${language}`, wrong)
  await sideways(page, narrow, desk, `what countries publish, ${language}`, wrong)
  await run.shot(page, `calendars-public-${language}`, false)
}

async function sellers(browser, run, wrong) {
  const asked = await call(run, run.key, 'GET', `/v1/cases/${await openCase(run, run.seller)}`)
  const me = run.with(await signIn(browser, run, 'seller'))
  const { page, t } = me
  await page.goto('/console/calendars')
  await page.getByText(t('calendars.keeps'), { exact: true }).waitFor()
  await inspect(page, 'a seller without own hours', wrong)
  await run.shot(page, 'calendars-seller-empty')
  await page.getByRole('button', { name: t('calendars.begin'), exact: true }).press('Enter')
  await page.getByText(t('calendars.begin_text')).waitFor()
  await page.getByLabel(t('calendars.zone'), { exact: true }).fill('America/New_York')
  await page.getByLabel(t('calendars.country'), { exact: true }).selectOption('US')
  await press(page, t('calendars.add_closure'))
  const added = panel(page, t('calendars.closures')).getByRole('listitem').last()
  await added.getByLabel(t('calendars.name')).fill('Renovation')
  await added.getByLabel(t('calendars.first')).fill('2031-03-03')
  await added.getByLabel(t('calendars.last')).fill('2031-03-23')
  await press(page, t('calendars.look'))
  await page.getByText(t('calendars.bad.row')).waitFor()
  await page.getByText(t('problem.opening.limit')).first().waitFor()
  await inspect(page, 'further than the shop allows', wrong)
  await run.shot(page, 'calendars-seller-limit')
  await added.getByLabel(t('calendars.last')).fill('2031-03-14')
  await press(page, t('calendars.look'))
  const dialog = page.getByRole('dialog')
  await dialog.getByText(t('calendars.later'), { exact: true }).waitFor()
  await run.shot(page, 'calendars-seller-effect', false)
  await dialog.getByRole('button', { name: t('act.save'), exact: true }).press('Enter')
  await panel(page, t('calendars.history')).getByText(t('calendars.version', { version: 1 })).waitFor()
  const kept = await call(run, run.key, 'GET', `/v1/cases/${asked.id}`)
  check(kept.timers[0].deadline === asked.timers[0].deadline, 'a deadline of the seller that runs keeps its time')
  const shops = await call(run, run.key, 'GET', '/v1/shop/calendars/service')
  check(shops.version === 3 && shops.zone === 'Asia/Shanghai', 'the calendar of the shop is as it was')
  await sideways(page, narrow, desk, 'the hours of a seller', wrong)
  await me.context.close()

  const small = run.with(await signIn(browser, run, 'seller', { language: 'zh-CN', dark: true, viewport: phone }))
  await small.page.goto('/console/calendars')
  await small.page.getByText(small.t('calendars.own_text')).waitFor()
  await inspect(small.page, 'the hours of a seller on the phone, in the dark', wrong)
  await run.shot(small.page, 'calendars-seller-phone')
  await press(small.page, small.t('calendars.give_up'))
  await run.shot(small.page, 'calendars-seller-back', false)
  await press(small.page.getByRole('dialog'), small.t('calendars.give_up_do'))
  await small.page.getByText(small.t('calendars.keeps'), { exact: true }).waitFor()
  await small.context.close()
}

async function shopLooks(browser, run, wrong) {
  const me = run.with(await signIn(browser, run, 'administrator', { language: 'zh-TW' }))
  const { page, t } = me
  await page.goto('/console/calendars?of=sellers')
  await page.getByText(t('calendars.sellers_none'), { exact: true }).waitFor()
  await inspect(page, 'no seller has own hours', wrong)
  await run.shot(page, 'calendars-sellers')
  await page.getByLabel(t('calendars.seller'), { exact: true }).fill('sel_mugs')
  await page.getByLabel(t('calendars.seller'), { exact: true }).press('Enter')
  await page.getByText(t('calendars.seller_keeps'), { exact: true }).waitFor()
  const past = panel(page, t('calendars.history'))
  await past.getByText(t('calendars.returned'), { exact: true }).waitFor()
  await past.getByText(t('calendars.version', { version: 2 })).waitFor()
  await inspect(page, 'a seller that the shop looks at', wrong)
  await run.shot(page, 'calendars-seller-by-shop')
  await press(page, t('calendars.begin'))
  await press(page, t('calendars.look'))
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('act.save'), exact: true }).press('Enter')
  await past.getByText(t('calendars.version', { version: 3 })).waitFor()
  await press(page, t('calendars.sellers_all'))
  await page.getByRole('button', { name: 'sel_mugs', exact: true }).waitFor()
  await me.context.close()
}

async function others(browser, run, wrong) {
  const chief = run.with(await signIn(browser, run, 'supervisor'))
  await chief.page.goto('/console/calendars')
  await chief.page.getByText(chief.t('calendars.read_only')).waitFor()
  await until('a supervisor looks only', () => chief.page.getByLabel(chief.t('calendars.zone'), { exact: true }).isDisabled())
  await inspect(chief.page, 'a calendar that is looked at', wrong)
  await run.shot(chief.page, 'calendars-supervisor', false)
  await chief.context.close()
  const agent = run.with(await signIn(browser, run, 'agent'))
  await agent.page.goto('/console/calendars')
  await agent.page.getByRole('heading', { name: agent.t('denied.title') }).waitFor()
  await agent.context.close()
  const t = await texts('zh-CN')
  const admin = run.with(await signIn(browser, run, 'administrator'))
  await admin.page.goto('/console/audit')
  await admin.page.getByText(t('event.opening.changed'), { exact: true }).and(admin.page.locator(':not(option)')).first().waitFor()
  await admin.context.close()
}
