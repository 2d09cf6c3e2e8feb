// One text finds cases, orders, customers, products and what was written, by keys alone: in both ways
// of writing Chinese, in pinyin and with slips; nobody finds what is not theirs;
// nothing, something that failed, and no connection are told.
import { call, check, desk, narrow, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { openCase } from './staff.mjs'
import { until } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: true },
]

export async function walk(browser, run) {
  const wrong = []
  const made = await openCase(run, run.buyers.whole)
  const found = await call(run, run.key, 'GET', `/v1/cases/${made}`)
  const theirs = await call(run, run.key, 'GET', `/v1/orders?q=${run.seller.number}`)
  const other = await call(run, run.key, 'POST', '/v1/cases', {
    order: theirs.items[0].id,
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
    comment: 'The lid does not close',
  })
  await writes(run, found, other)
  const now = { browser, run, wrong, found, other }
  for (const look of looks) await run.step(`finds in ${look.language}`, () => finds(now, look))
  await run.step('leads there by keys', () => leads(now))
  await run.step('the warehouse finds less', () => warehouse(now))
  await run.step('a seller finds what is the seller’s', () => seller(now))
  await run.step('on the phone', () => small(now))
  await run.step('nothing, failed, and again', () => fails(now))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** A conversation of several pages, with notes beside it, of the shop's case; a message in the seller's. */
async function writes(run, found, other) {
  const say = (id, text) => call(run, run.writer, 'POST', `/v1/cases/${id}/messages`, { text })
  await say(found.id, '您好！左边的耳机没有声音，我们先付运费。谢谢。')
  for (let n = 1; n <= 40; n++) await say(found.id, `Line ${n} of a long conversation`)
  const { version } = await call(run, run.key, 'GET', `/v1/cases/${found.id}`)
  await call(run, run.writer, 'POST', `/v1/cases/${found.id}/actions`, { action: 'note', text: 'Promised an answer by Friday, <b>no later</b>' }, { 'If-Match': `"${version}"` })
  await say(other.id, 'The seller pays the freight of the mug')
  await until('what was written is found', async () => (await call(run, run.writer, 'GET', '/v1/search?q=freight')).messages.length)
}

/** The palette of somebody: what it looks for, and what it then shows, by group. */
function paletteOf({ page, t }) {
  const field = page.getByRole('combobox', { name: t('palette.placeholder') })
  const list = page.getByRole('listbox', { name: t('palette.results') })
  const options = (group) =>
    list.evaluate((node, title) => {
      const all = [...node.children]
      const from = all.findIndex((one) => one.getAttribute('role') === 'presentation' && one.textContent.trim() === title)
      if (from < 0) return []
      const rest = all.slice(from + 1)
      const end = rest.findIndex((one) => one.getAttribute('role') === 'presentation')
      return rest.slice(0, end < 0 ? undefined : end).map((one) => one.textContent.trim().replace(/\s+/g, ' '))
    }, t(`palette.${group}`))
  async function ask(text) {
    const asks = (one) => one.url().includes('/v1/search?') && new URL(one.url()).searchParams.get('q') === text
    await field.fill('')
    const answered = page.waitForResponse(asks)
    await field.fill(text)
    check((await answered).ok(), `${text} is answered`)
    await page.waitForFunction(() => !document.querySelector('[data-searching]'))
    return Object.fromEntries(
      await Promise.all(['cases', 'orders', 'customers', 'products', 'messages'].map(async (group) => [group, await options(group)])),
    )
  }
  const open = async () => {
    await page.keyboard.press('Control+KeyK')
    await field.waitFor()
  }
  return { field, list, ask, open }
}

async function finds({ browser, run, wrong, found }, look) {
  const me = run.with(await signIn(browser, run, 'agent', look))
  const palette = paletteOf(me)
  await palette.open()
  const { number, name } = run.buyers.whole
  for (const [text, group, has] of [
    [number, 'cases', found.number],
    [number, 'orders', number],
    [found.number, 'cases', found.number],
    [name, 'customers', name],
    ['林曉雯', 'customers', name],
    ['linxiaowen', 'customers', name],
    ['lxw', 'customers', name],
    ['lin xaiowen', 'customers', name],
    ['降噪耳机', 'products', '声悦 X2'],
    ['降噪耳機', 'products', '声悦 X2'],
    ['jiangzao', 'products', '声悦 X2'],
    ['SoundJyo', 'products', '声悦 X2'],
    ['SY-X2', 'products', 'SY-X2'],
    [number.replace('0', 'O'), 'orders', number],
    ['运费', 'messages', '左边的耳机没有声音，我们先付运费。'],
    ['沒有聲因', 'messages', '左边的耳机没有声音，我们先付运费。'],
    ['fridya', 'messages', 'Promised an answer by Friday, <b>no later</b>'],
  ]) {
    const got = await palette.ask(text)
    if (!got[group].some((one) => one.includes(has)))
      wrong.push(`${look.language}: ${text} finds no ${has} among ${group}, but ${JSON.stringify(got)}`)
  }
  await palette.ask(number)
  const where = `search ${look.language}`
  await inspect(me.page, where, wrong)
  await sideways(me.page, narrow, desk, where, wrong)
  await run.shot(me.page, `search-${look.language}`, false)
  await palette.ask('运费')
  check((await palette.list.locator('mark').allTextContents()).includes('运费'), 'the words are marked')
  await inspect(me.page, `${where} messages`, wrong)
  await run.shot(me.page, `search-${look.language}-messages`, false)
  await palette.ask('声悦')
  await inspect(me.page, `${where} products`, wrong)
  await run.shot(me.page, `search-${look.language}-products`, false)
  await me.context.close()
}

/** Everything by keys: opened, looked for, gone through, entered; closed with Escape. */
async function leads({ browser, run, found }) {
  const me = run.with(await signIn(browser, run, 'agent'))
  const { page } = me
  const palette = paletteOf(me)
  const go = async (text, wanted, address) => {
    await palette.open()
    await palette.ask(text)
    const chosen = palette.list.locator('[aria-selected=true]')
    for (let n = 0; n < 40 && !(await chosen.textContent()).includes(wanted); n++) await page.keyboard.press('ArrowDown')
    const id = await chosen.getAttribute('id')
    check((await palette.field.getAttribute('aria-activedescendant')) === id, 'a listener hears what is chosen')
    await page.keyboard.press('Enter')
    await page.waitForURL(address)
    await palette.field.waitFor({ state: 'hidden' })
  }
  await go(found.number, found.number, new RegExp(`/cases/${found.id}`))
  await go(run.buyers.whole.number, '声悦', /\/(orders\/ord_|cases\/case_)/)
  await go('linxiaowen', run.buyers.whole.contact, /\/orders\?q=/)
  await page.getByText(run.buyers.whole.number).first().waitFor()
  await go('SY-X2', 'SY-X2', /\/products\?q=SY-X2/)
  await page.getByRole('table').getByText('SY-X2').first().waitFor()
  for (const [text, written] of [
    ['左边的耳机', '左边的耳机没有声音'], // behind two pages of newer ones
    ['friday', 'Promised an answer by Friday'],
  ]) {
    await go(text, written, /said=evt_/)
    await page.locator('[data-led]').getByText(written).waitFor()
    await until(`${text} has the keys`, () => page.evaluate(() => document.activeElement.hasAttribute('data-led')))
    await run.shot(page, `search-led-${text === 'friday' ? 'note' : 'message'}`, false)
  }
  await palette.open()
  await page.keyboard.press('Escape')
  await palette.field.waitFor({ state: 'hidden' })
  check(await page.evaluate(() => document.activeElement !== null), 'the page has the keys again')
  await me.context.close()
}

async function warehouse({ browser, run, found, wrong }) {
  const me = run.with(await signIn(browser, run, 'warehouse'))
  const palette = paletteOf(me)
  await palette.open()
  const byNumber = await palette.ask(run.buyers.whole.number)
  check(byNumber.cases.some((one) => one.includes(found.number)), 'the warehouse finds the case')
  check(!byNumber.orders.length && !byNumber.customers.length, 'the warehouse finds no orders and no customers')
  const byName = await palette.ask(run.buyers.whole.contact)
  check(!byName.customers.length && !byName.orders.length, `the warehouse finds ${JSON.stringify(byName)}`)
  await inspect(me.page, 'search of the warehouse', wrong)
  await run.shot(me.page, 'search-warehouse', false)
  await me.context.close()
}

async function seller({ browser, run, found, other, wrong }) {
  const me = run.with(await signIn(browser, run, 'seller'))
  const palette = paletteOf(me)
  await palette.open()
  const theirs = await palette.ask(run.seller.number)
  check(theirs.cases.some((one) => one.includes(other.number)), `the seller finds the own case: ${JSON.stringify(theirs)}`)
  check(!theirs.customers.length && !theirs.cases.join().includes(run.seller.name), 'who bought is not told to a seller')
  for (const text of [run.buyers.whole.number, found.number, run.buyers.whole.name, 'SY-X2', 'lxw']) {
    const got = await palette.ask(text)
    if (JSON.stringify(got).match(/E2E-1001|声悦|林晓雯/)) wrong.push(`the seller looks for ${text} and finds ${JSON.stringify(got)}`)
  }
  check((await palette.ask('TM-0001')).products.length === 1, 'the seller finds the own article')
  const own = await palette.ask('freight')
  check(own.messages.length === 1 && own.messages[0].includes(other.number), `the seller finds what was written: ${JSON.stringify(own)}`)
  check(!(await palette.ask('conversation')).messages.length, 'the seller finds nothing of other cases')
  await run.shot(me.page, 'search-seller', false)
  await me.context.close()
}

async function small({ browser, run, wrong }) {
  const me = run.with(await signIn(browser, run, 'agent', { viewport: phone, touch: true, dark: true }))
  const { page, t } = me
  const palette = paletteOf(me)
  await page.getByRole('button', { name: t('nav.more'), exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: t('palette.open'), exact: true }).click()
  await palette.field.waitFor()
  await palette.ask(run.buyers.whole.number)
  await inspect(page, 'search on the phone', wrong)
  await sideways(page, narrow, phone, 'search on the phone', wrong)
  await run.shot(page, 'search-phone', false)
  await palette.list.getByRole('option').filter({ hasText: run.buyers.whole.number }).first().click()
  await page.waitForURL(/orders\/ord_/)
  await me.context.close()
}

async function fails({ browser, run, wrong }) {
  const me = run.with(await signIn(browser, run, 'agent', { language: 'en' }))
  const { page } = me
  const t = await texts('en')
  const palette = paletteOf(me)
  await palette.open()
  await palette.ask('zzqqxx 0000')
  await page.getByRole('status').getByText(t('palette.none')).waitFor()
  await inspect(page, 'nothing found', wrong)
  await run.shot(page, 'search-none', false)
  await page.route('**/v1/search?*', (route) => route.abort())
  await palette.field.fill(run.buyers.whole.number)
  await page.getByRole('alert').getByText(t('palette.failed')).waitFor()
  await inspect(page, 'a search that failed', wrong)
  await run.shot(page, 'search-failed', false)
  await page.unroute('**/v1/search?*')
  await page.getByRole('alert').getByRole('button', { name: t('act.retry') }).click()
  await palette.list.getByRole('option').filter({ hasText: run.buyers.whole.number }).first().waitFor()
  await me.context.close()
}
