// A pick-up in its whole life: booked by the customer, moved by the customer and
// by staff, missed, booked again and fetched; and what is told of times that are
// full or over. Each side sees what the other does while its page is open.
import { call, check, desk, narrow, phone, person, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { settled, until } from './wait.mjs'

const zone = 'Asia/Shanghai'
const hour = 3_600_000
const dayOf = (at) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()
const api = ({ run }, method, path, body) => call(run, run.key, method, path, body, { 'If-Match': '*' })
const address = { name: '温婷', lines: ['南京西路 1266 号'], city: '上海市', phone: '13900000002' }

export async function walk(browser, run) {
  const wrong = []
  const all = { browser, run, wrong }
  all.cases = await run.step('returns are approved', () => Promise.all(run.kept.slice(0, 3).map((one) => opened(all, one))))
  all.slots = await run.step('the shop offers times', () => offered(all))
  const buyer = run.with(await run.step('a customer signs in', () => customer(all, 0)))
  const staff = run.with(await run.step('staff open the day', () => watching(all, 'zh-CN')))
  await run.step('a pick-up is booked', () => booked(all, buyer))
  await run.step('staff see it', () => appears(all, staff, all.slots.early))
  await run.step('a time that was just taken is told', () => taken(all, buyer))
  await run.step('a time that has passed is told', () => passed(all, buyer))
  await run.step('the customer moves it', () => moved(all, buyer))
  await run.step('staff see the move', () => seesMove(all, staff))
  await staff.context.close()
  const other = run.with(await run.step('others look at the day', () => watching(all, 'zh-TW', true)))
  await run.step('staff move it', () => byStaff(all, other, buyer))
  await other.context.close()
  const driver = run.with(await run.step('the warehouse', () => watching(all, 'en', true, 'warehouse')))
  await run.step('nobody was at home', () => missed(all, driver, buyer))
  await run.step('the customer books again', () => again(all, buyer))
  await run.step('it is fetched', () => fetched(all, driver, buyer))
  for (const n of [1, 2]) await run.step(`in ${run.kept[n].lang ?? (n === 1 ? 'zh-TW' : 'en')}`, () => elsewhere(all, n))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function opened(all, { number }) {
  const { items } = await api(all, 'GET', `/v1/orders?q=${number}`)
  let made = await api(all, 'POST', '/v1/cases', { order: items[0].id, items: [{ line: 1, quantity: 1, reason: 'not_as_described' }] })
  if (made.state === 'submitted') made = await api(all, 'POST', `/v1/cases/${made.id}/actions`, { action: 'approve' })
  check(made.state === 'await_return', `the case waits for the parcel: ${made.state}`)
  return { ...made, parcel: made.parcels[0].id, orderNumber: number }
}


async function offered(all) {
  const today = Date.now() // one day, though midnight may pass before the last time is offered
  const at = (clock, more = 0) => new Date(`${dayOf(new Date(today + (24 + more) * hour))}T${clock}:00+08:00`)
  const open = (from, to, capacity) => api(all, 'POST', '/v1/slots', { from, to, capacity })
  return {
    early: await open(at('09:00'), at('11:00'), 1),
    rare: await open(at('11:00'), at('13:00'), 1),
    late: await open(at('14:00'), at('16:00'), 3),
    after: await open(at('10:00', 24), at('12:00', 24), 3),
  }
}

const clock = (one, lang = 'en') =>
  new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(new Date(one.from))

async function customer({ browser, run, cases }, n, options = {}) {
  const language = ['zh-CN', 'zh-TW', 'en'][n]
  const me = await person(browser, run, { viewport: phone, language, ...options })
  me.t = await texts(language)
  const { number, contact } = run.kept[n]
  await lookUp(me, run, me.t, { number, contact })
  await me.page.goto(`/cases/${cases[n].id}`)
  await me.page.getByRole('button', { name: me.t('method.choose'), exact: true }).or(me.page.getByRole('button', { name: me.t('method.change'), exact: true })).waitFor()
  return me
}

/** The page of staff for a day, tomorrow's at first. */
async function watching({ browser, run, slots }, language, dark = false, role = 'agent') {
  const me = await signIn(browser, run, role, { language, dark })
  await me.page.goto(`/console/pickups?day=${dayOf(new Date(slots.early.from))}`)
  await me.page.getByRole('heading', { name: me.t('nav.pickups'), level: 1 }).waitFor()
  return me
}

async function looks({ run, wrong }, page, what, schemes = ['light', 'dark']) {
  await settled(page)
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${what} ${colorScheme}`, wrong)
  }
  await run.shot(page, `pickups-${what.replaceAll(' ', '-')}`, false)
}

/** Opens the form and chooses a day and a time. */
async function choose({ page, t }, slot, fresh = true, timeout = undefined) {
  const dialog = page.getByRole('dialog', { name: t('method.title') })
  if (fresh) {
    const button = (key) => page.getByRole('button', { name: t(key), exact: true })
    await settled(page)
    await button('method.change').or(button('method.choose')).first().click()
    await dialog.waitFor()
    await dialog.locator('label:has(input[value=pick_up])').click()
  }
  await dialog.getByLabel(t('pickup.day'), { exact: true }).selectOption(dayOf(new Date(slot.from)), { timeout })
  await dialog.locator(`label:has(input[value="${slot.id}"]:enabled)`).click({ timeout })
  return dialog
}
const tell = (dialog, t) => press(dialog, t('method.send'))

async function booked(all, me) {
  const { page, t } = me
  await press(page, t('method.choose'))
  const dialog = page.getByRole('dialog', { name: t('method.title') })
  await dialog.locator('label:has(input[value=pick_up])').click()
  await tell(dialog, t)
  await dialog.getByText(t('pickup.slot.missing')).waitFor()
  await choose(me, all.slots.early, false)
  await tell(dialog, t)
  await dialog.getByText(t('pickup.missing')).first().waitFor()
  await dialog.getByLabel(t('pickup.name'), { exact: true }).fill('安然')
  await dialog.getByLabel(t('pickup.street'), { exact: true }).fill('学院路 30 号 5 栋 201')
  await dialog.getByLabel(t('pickup.phone')).fill('13800000001')
  await looks(all, page, 'the form')
  await tell(dialog, t)
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(clock(all.slots.early)).first().waitFor()
  await looks(all, page, 'booked')
  await sideways(page, narrow, phone, 'a pick-up is booked', all.wrong)
}

/** A row of the day that is about this case, at this time. */
const rowOf = (page, found, slot) => page.getByRole('row').filter({ hasText: found.number }).filter({ has: page.getByRole('rowheader').filter({ hasText: clock(slot) }) })

async function appears(all, { page, t }, slot) {
  const row = rowOf(page, all.cases[0], slot)
  await row.getByText(t('pickups.state.booked'), { exact: true }).waitFor()
  for (const text of ['安然', '13800000001', '学院路 30 号 5 栋 201']) await row.getByText(text).first().waitFor()
  await looks(all, page, 'the day of the shop')
  await sideways(page, narrow, desk, 'the day of the shop', all.wrong)
}

/** Somebody else is faster. */
async function taken(all, me) {
  const { page, t } = me
  const dialog = await choose(me, all.slots.rare)
  const theirs = all.cases[1]
  await api(all, 'POST', `/v1/cases/${theirs.id}/parcels/${theirs.parcel}/actions`, { action: 'book', method: 'pick_up', place: all.slots.rare.id, address })
  await tell(dialog, t)
  await dialog.getByText(t('problem.shipment.slot_taken')).waitFor()
  await dialog.locator(`label:has(input[value="${all.slots.rare.id}"]:disabled)`).getByText(t('pickup.full')).waitFor()
  await dialog.locator(`label:has(input[value="${all.slots.early.id}"]:disabled)`).getByText(t('pickup.now')).waitFor()
  await looks(all, page, 'a time that is taken')
  await press(dialog, t('act.back'))
  await dialog.waitFor({ state: 'hidden' })
}

async function passed(all, me) {
  const { page, t } = me
  const dialog = page.getByRole('dialog', { name: t('method.title') })
  // A machine under load may need longer to choose than the time is away: then one that is further away.
  let soon
  for (let away = 12_000; !soon; away *= 4) {
    const from = Math.ceil((Date.now() + away) / 1000) * 1000
    soon = await api(all, 'POST', '/v1/slots', { from: new Date(from), to: new Date(from + 1000), capacity: 1 })
    try {
      await choose(me, soon, true, away)
      check(Date.now() < from, 'it passed while it was chosen')
    } catch (error) {
      if (away > 100_000) throw error
      soon = undefined
      await press(dialog, t('act.back'))
      await dialog.waitFor({ state: 'hidden' })
    }
  }
  await until(
    'the time passes',
    async () => Date.parse((await fetch(`${all.run.url}/healthz`)).headers.get('date')),
    (now) => now > Date.parse(soon.to),
    240_000,
  )
  await tell(dialog, t)
  await dialog.getByText(t('problem.shipment.slot')).waitFor()
  await dialog.locator(`input[value="${soon.id}"]`).waitFor({ state: 'detached' })
  await looks(all, page, 'a time that has passed')
  await press(dialog, t('act.back'))
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(clock(all.slots.early)).first().waitFor()
}

async function moved(all, me) {
  const { page, t } = me
  const dialog = await choose(me, all.slots.late)
  await until('the address stays', () => dialog.getByRole('radio', { name: t('pickup.same') }).isChecked())
  await until('the address is not asked for again', () => dialog.getByLabel(t('pickup.street'), { exact: true }).count(), 0)
  await looks(all, page, 'another time')
  await tell(dialog, t)
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(clock(all.slots.late)).first().waitFor()
}

async function seesMove(all, { page, t }) {
  await rowOf(page, all.cases[0], all.slots.late).getByText(t('pickups.state.booked'), { exact: true }).waitFor()
  const before = page.getByRole('row').filter({ hasText: all.cases[0].number }).filter({ hasText: t('pickups.state.cancelled') })
  await before.getByText(clock(all.slots.late)).waitFor()
  await rowOf(page, all.cases[0], all.slots.late).getByText('学院路 30 号 5 栋 201').waitFor()
  await looks(all, page, 'a pick-up was moved')
}

/** The row in which something can still be done, however a language writes the clock. */
const livingRow = (page, t, found) =>
  page.getByRole('row').filter({ hasText: found.number }).filter({ has: page.getByRole('button', { name: t('pickups.move'), exact: true }) })

async function byStaff(all, { page, t }, me) {
  const { slots, cases } = all
  await press(livingRow(page, t, cases[0]), t('pickups.move'))
  const dialog = page.getByRole('dialog', { name: t('pickups.move_title') })
  await press(dialog, t('pickups.move'))
  await dialog.getByText(t('pickups.move_title')).nth(1).waitFor()
  await dialog.getByLabel(t('pickups.move_day')).fill(dayOf(new Date(slots.after.from)))
  await dialog.getByRole('radio').first().check()
  await looks(all, page, 'staff move it', ['dark'])
  await press(dialog, t('pickups.move'))
  await dialog.waitFor({ state: 'hidden' })
  await me.page.getByText(clock(slots.after)).first().waitFor()
  await page.goto(`/console/pickups?day=${dayOf(new Date(slots.after.from))}`)
  const row = livingRow(page, t, cases[0])
  await row.getByText('学院路 30 号 5 栋 201').waitFor()
  check((await row.getByRole('button', { name: t('pickups.fetched'), exact: true }).count()) === 0, 'nothing was fetched before its time')
  await looks(all, page, 'the day after', ['dark'])
}

/** The driver is on the way: a time that has begun, into which staff put the pick-up. */
async function begun(all) {
  const from = Date.now() - hour / 2
  const slot = await api(all, 'POST', '/v1/slots', { from: new Date(from), to: new Date(from + 2 * hour), capacity: 5 })
  const { id, parcel } = all.cases[0]
  await api(all, 'POST', `/v1/cases/${id}/parcels/${parcel}/actions`, { action: 'book', method: 'pick_up', place: slot.id })
  return slot
}

async function missed(all, { page, t }, me) {
  const now = await begun(all)
  await page.goto(`/console/pickups?day=${dayOf(new Date(now.from))}`)
  const row = page.getByRole('row').filter({ hasText: all.cases[0].number })
  await press(row, t('pickups.miss'))
  const dialog = page.getByRole('dialog', { name: t('pickups.miss_title') })
  await dialog.getByLabel(t('pickups.miss_reason')).fill('敲门无人应答')
  await looks(all, page, 'nobody was at home', ['dark'])
  await press(dialog, t('pickups.miss'))
  await dialog.waitFor({ state: 'hidden' })
  await row.getByText(t('pickups.state.missed'), { exact: true }).waitFor()
  await row.getByText('敲门无人应答').waitFor()
  await looks(all, page, 'a missed pick-up')
  await me.page.getByText('敲门无人应答').waitFor()
  await looks(all, me.page, 'the customer reads that it was missed')
  await sideways(me.page, narrow, phone, 'a missed pick-up', all.wrong)
}

async function again(all, me) {
  const { page, t } = me
  const dialog = await choose(me, all.slots.late)
  await tell(dialog, t)
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(clock(all.slots.late)).first().waitFor()
}

async function fetched(all, { page, t }, me) {
  const now = await begun(all)
  await page.goto(`/console/pickups?day=${dayOf(new Date(now.from))}&state=booked`)
  const row = page.getByRole('row').filter({ hasText: all.cases[0].number })
  await press(row, t('pickups.fetched'))
  const dialog = page.getByRole('dialog', { name: t('pickups.fetched_title') })
  await looks(all, page, 'was it fetched')
  await press(dialog, t('pickups.fetched'))
  await dialog.waitFor({ state: 'hidden' })
  await row.getByRole('button').first().waitFor({ state: 'detached' })
  await row.getByText(t('pickups.fetched'), { exact: true }).waitFor()
  await looks(all, page, 'it was fetched')
  check((await api(all, 'GET', `/v1/cases/${all.cases[0].id}`)).state === 'returning', 'the case goes on')
  await me.page.getByRole('button', { name: me.t('method.change'), exact: true }).waitFor({ state: 'detached' })
  await looks(all, me.page, 'the parcel is on its way')
}

/** The other languages: one with a pick-up of her own, one who books the first. */
async function elsewhere(all, n) {
  const me = all.run.with(await customer(all, n, { dark: n === 2 }))
  const { page, t, language } = me
  const dialog = await choose(me, all.slots.after)
  if (n === 2) {
    await dialog.getByLabel(t('pickup.name'), { exact: true }).fill('Olga Out')
    await dialog.getByLabel(t('pickup.street'), { exact: true }).fill('30 Xueyuan Road')
  } else {
    await dialog.locator('label:has(input[value=elsewhere])').click()
    await dialog.getByLabel(t('pickup.street'), { exact: true }).waitFor()
    await dialog.locator('label:has(input[value=same])').click()
  }
  await looks(all, page, `the form in ${language}`)
  await sideways(page, narrow, phone, `the form in ${language}`, all.wrong)
  await tell(dialog, t)
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText(clock(all.slots.after)).first().waitFor()
  if (n === 2) {
    await press(page, t('method.undo'))
    await press(page.getByRole('dialog'), t('method.undo'))
    await page.getByText(t('method.open')).waitFor()
  }
  await looks(all, page, `the case in ${language}`)
  if (n === 2) await nearby(all, me)
  await me.context.close()
}

/** Counters come by name until the customer asks for the nearest; a device that does not tell leaves the choice. */
async function nearby(all, { page, t, context }) {
  const counter = (name, latitude, longitude) =>
    api(all, 'POST', '/v1/points', { name, address: `${name} 1 号`, city: '杭州', latitude, longitude })
  await counter('上城柜台', 30.18, 120.12)
  await counter('滨江柜台', 30.2042, 120.2105)
  await press(page, t('method.choose'))
  const dialog = page.getByRole('dialog', { name: t('method.title') })
  await dialog.locator('label:has(input[value=drop_off])').click()
  const first = dialog.getByRole('group', { name: t('method.points') }).getByRole('radio').nth(1)
  await press(dialog, t('method.near'))
  await dialog.getByText(t('method.nowhere')).waitFor()
  check(!(await first.isChecked()), 'nothing is chosen for a customer whose place is not known')
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ latitude: 30.2083, longitude: 120.2127 })
  await press(dialog, t('method.near'))
  await dialog.getByText(t('method.nearest'), { exact: true }).waitFor()
  const label = dialog.locator('label', { has: page.getByText(t('method.nearest'), { exact: true }) })
  await until('the counter around the corner is the nearest', () => label.textContent(), (said) => said.includes('滨江柜台') && said.includes('490 m'))
  await until('the nearest is chosen', () => first.isChecked())
  await looks(all, page, 'the nearest counter')
  await sideways(page, narrow, phone, 'the nearest counter', all.wrong)
  await tell(dialog, t)
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('滨江柜台').first().waitFor()
}
