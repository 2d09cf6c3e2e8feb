// The inbox with ten thousand cases: kept lists, filters, the table, keys and
// how fast they are, new cases that wait, and each state a list can be in.
import { call, check, desk, narrow, phone } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { settled, stays, until } from './wait.mjs'

export async function walk(browser, run) {
  const wrong = []
  const agent = run.with(await run.step('an agent signs in', () => signIn(browser, run, 'agent')))
  const chief = run.with(
    await run.step('a supervisor signs in', () => signIn(browser, run, 'supervisor', { language: 'en', dark: true })),
  )
  const now = { run, wrong, agent, chief }
  await run.step('the usual lists have counts', () => usual(now))
  await run.step('a list is kept, shared, and opened by another', () => shared(now))
  await run.step('j and k are quick', () => quick(now))
  await run.step('a key is moved', () => moved(now))
  await run.step('the list is a table', () => table(now))
  for (const who of [agent, chief]) await run.step(`who waits longest, in ${who.language}`, () => longest(now, who))
  await run.step('a new case waits and moves nothing', () => waits(now))
  await run.step('loading, empty, error and denied are drawn', () => drawn(now))
  check(wrong.length === 0, wrong.join('\n'))
}

const tab = ({ page, t }, key) => page.getByRole('button', { name: new RegExp(`^${t(key)}\\s*\\d`) })

async function usual({ agent, run, wrong }) {
  const { page, t } = agent
  await page.goto('/console/cases')
  await tab(agent, 'view.all').waitFor()
  await tab(agent, 'view.unassigned').click()
  await page.waitForURL(/assignee=none/)
  check(page.url().includes('view=unassigned'), 'the list stands in the address')
  await page.keyboard.press('q')
  const menu = page.getByRole('dialog', { name: t('view.menu') })
  await menu.getByText(t('view.waiting_customer'), { exact: true }).waitFor()
  await inspect(page, 'the menu of lists', wrong)
  await run.shot(page, 'inbox-lists', false)
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'hidden' })
}

async function shared({ agent, chief, run, wrong }) {
  const { page, t } = chief
  await page.goto('/console/cases?state=submitted&least=10000&currency=CNY&sort=oldest')
  await tab(chief, 'view.all').waitFor()
  await page.keyboard.press('q')
  const menu = page.getByRole('dialog', { name: t('view.menu') })
  await menu.getByLabel(t('view.name'), { exact: true }).fill('Dear and old')
  await menu.getByText(t('view.share'), { exact: true }).click()
  await inspect(page, 'keeping a list', wrong)
  await menu.getByRole('button', { name: t('view.keep'), exact: true }).click()
  await menu.waitFor({ state: 'hidden' })
  await page.waitForURL(/view=view_/)
  await agent.page.reload()
  await tab(agent, 'view.all').waitFor()
  await agent.page.keyboard.press('q')
  const other = agent.page.getByRole('dialog', { name: agent.t('view.menu') })
  await other.getByText('Dear and old').click()
  await agent.page.waitForURL(/least=10000/)
  await page.keyboard.press('q')
  await stays(page, async () => {
    await menu.getByRole('button', { name: t('view.delete', { name: 'Dear and old' }), exact: true }).click()
    await page.getByRole('button', { name: t('undo.do'), exact: true }).last().waitFor()
  })
  await run.shot(page, 'inbox-undo', false)
  const gone = page.locator('p', { hasText: t('view.deleted', { name: 'Dear and old' }) })
  await gone.getByRole('button', { name: t('undo.do'), exact: true }).click()
  await page.locator('p', { hasText: t('view.kept', { name: 'Dear and old' }) }).last().waitFor()
  if (!(await menu.isVisible())) await page.keyboard.press('q')
  await menu.getByText('Dear and old').waitFor()
}

/** Time from a key to the next picture, with all that is loaded by then. */
async function quick({ agent, run }) {
  const { page } = agent
  await page.goto('/console/cases')
  await page.locator('[data-row="0"]').waitFor()
  // Reads on, page by page, for as long as a person would.
  const rows = await page.evaluate(async (most) => {
    const list = document.querySelector('[data-row]').closest('.overflow-auto')
    const end = performance.now() + 5_000
    for (let last = -1, still = 0; still < 40 && performance.now() < end; ) {
      list.scrollTop = list.scrollHeight
      await new Promise((done) => setTimeout(done, 50))
      still = list.scrollHeight === last ? still + 1 : 0
      last = list.scrollHeight
      if (last / 69 > most) break
    }
    list.scrollTop = 0
    return Math.round(list.scrollHeight / 69)
  }, 10_000)
  await page.keyboard.press('Escape')
  // What a picture takes without a key is the machine's; the key's part is what it takes more.
  const times = await page.evaluate(async () => {
    const rounds = []
    for (const pressed of [false, true]) {
      const all = []
      for (let n = 0; n < 40; n++) {
        const from = performance.now()
        const code = n % 4 === 3 ? 'KeyK' : 'KeyJ'
        if (pressed) window.dispatchEvent(new KeyboardEvent('keydown', { code, key: 'j', bubbles: true }))
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
        all.push(performance.now() - from)
      }
      rounds.push(all.toSorted((a, b) => a - b))
    }
    const [idle, keys] = rounds
    return keys.map((one) => Math.max(0, one - idle[20]))
  })
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  run.fact('rows', rows)
  run.fact('key_ms', `median ${times[20].toFixed(1)}, slowest ${times.at(-1).toFixed(1)}`)
  run.fact('nodes', nodes)
  check(times[20] < 300, `j takes ${times[20].toFixed(0)} ms with ${rows} rows`)
  check(nodes < 1500, `the page has ${nodes} elements`)
}

async function table({ agent, run, wrong }) {
  const { page, t } = agent
  await page.goto('/console/cases')
  await page.locator('[data-row="0"]').waitFor()
  await page.keyboard.press('Shift+T')
  await page.getByRole('table').waitFor()
  await page.getByRole('button', { name: t('table.columns'), exact: true }).click()
  const columns = page.getByRole('dialog', { name: t('table.columns') })
  await columns.getByText(t('table.reason'), { exact: true }).click()
  await page.getByRole('columnheader', { name: t('table.reason') }).waitFor()
  await inspect(page, 'the table', wrong)
  await run.shot(page, 'inbox-table', false)
  await columns.getByRole('button', { name: t('table.reset'), exact: true }).click()
  await columns.getByRole('button', { name: t('act.close'), exact: true }).click()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.press('Shift+X')
  await page.getByRole('toolbar').waitFor({ state: 'hidden' })
  await page.keyboard.press('l')
  await page.getByLabel(t('filter.waiting'), { exact: true }).selectOption('seller')
  await page.waitForURL(/waiting=seller/)
  await page.locator('[data-filter=waiting]').waitFor()
  await page.getByRole('button', { name: t('filter.all'), exact: true }).click()
  await page.getByLabel(t('filter.paid_to'), { exact: true }).waitFor()
  await inspect(page, 'the filters', wrong)
  await run.shot(page, 'inbox-filters-all', false)
  await page.keyboard.press('Escape')
  await page.locator('#list-filter').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: t('filter.remove', { what: t('filter.is', { label: t('filter.waiting'), value: t('party.seller') }) }), exact: true }).click()
  await page.waitForURL((url) => !url.search.includes('waiting='))
  await page.keyboard.press('Shift+T')
  await page.getByRole('table').waitFor({ state: 'hidden' })
}

/** The column of messages: put in order by its head, narrowed to what is unread, and on the phone. */
async function longest({ run, wrong }, { page, t, language }) {
  await page.goto('/console/cases')
  await page.locator('[data-row="0"]').waitFor()
  await page.keyboard.press('Shift+T')
  const head = page.getByRole('columnheader', { name: t('table.messages') })
  await head.getByRole('button').click()
  await page.waitForURL(/sort=waiting/)
  const marks = page.locator('[role=row] [data-talk-mark]')
  await marks.nth(24).waitFor()
  await until('25 customers wait', () => page.locator('[data-row]').count(), 25)
  await until('the head says how the table is sorted', () => head.getAttribute('aria-sort'), 'ascending')
  const times = () => marks.locator('time').evaluateAll((all) => all.map((one) => one.dateTime))
  await until('who waits longest comes first', times, (all) => all.join() === all.toSorted().join())
  await inspect(page, `messages as a column ${language}`, wrong)
  await run.shot(page, `inbox-messages-${language}`, false)
  await head.getByRole('button').click()
  await page.waitForURL((url) => !url.search.includes('sort='))
  await page.keyboard.press('Shift+T')
  await page.goto('/console/cases?sort=waiting')
  await page.locator('[data-row="0"]').waitFor()
  await page.keyboard.press('l')
  await page.getByLabel(t('filter.messages'), { exact: true }).selectOption('unread')
  await page.waitForURL(/unread=true/)
  await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 17)
  await inspect(page, `filters with messages ${language}`, wrong)
  await run.shot(page, `inbox-filters-${language}`, false)
  for (const small of [phone, narrow]) {
    await sideways(page, small, desk, `the list with messages ${language}`, wrong)
    await page.setViewportSize(small)
    await page.locator('dialog#list-filter').waitFor()
    await inspect(page, `the filters on a phone ${language}`, wrong)
    await run.shot(page, `inbox-filters-${small.width}-${language}`, false)
    await page.keyboard.press('Escape')
    await page.locator('#list-filter').waitFor({ state: 'detached' })
    await inspect(page, `the list on a phone ${language}`, wrong)
    await run.shot(page, `inbox-phone-${small.width}-${language}`, false)
    await page.keyboard.press('l')
    await page.locator('#list-filter').waitFor()
  }
  await page.setViewportSize(desk)
}

async function waits({ agent, run }) {
  const { page, t } = agent
  await page.goto('/console/cases')
  const first = page.locator('[data-row="0"]')
  await first.waitFor()
  await settled(page)
  // Which case it is: how long ago something was goes on by itself.
  const named = () => page.evaluate(() => document.querySelector('[data-row="0"]')?.innerText.match(/R-\w{4}-\w+/)?.[0])
  const before = await named()
  check(before, 'the first row has a number')
  await first.hover()
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${run.buyers.inbox.number}`)
  await call(run, run.key, 'POST', '/v1/cases', {
    kind: 'refund_only',
    order: items[0].id,
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
  })
  const pill = page.getByRole('button', { name: t('list.waiting', { count: 1 }) })
  await pill.waitFor()
  check((await named()) === before, 'the row under the pointer has moved')
  await run.shot(page, 'inbox-waiting', false)
  await pill.click()
  await until('the new case comes first', named, (now) => now && now !== before)
}

async function moved({ chief, run, wrong }) {
  const { page, t } = chief
  await page.goto('/console/cases')
  await page.locator('[data-row="0"]').waitFor()
  await page.keyboard.press('Shift+Slash')
  const sheet = page.getByRole('dialog', { name: t('keys.title') })
  await sheet.locator('[data-key=KeyJ]').click()
  await page.keyboard.press('k')
  await sheet.getByText(t('sheet.keys_taken', { what: t('keys.previous') }), { exact: true }).waitFor()
  await page.keyboard.press('n')
  await sheet.getByText(t('sheet.keys_taken', { what: t('do.note') }), { exact: true }).waitFor()
  await page.keyboard.press('b')
  await inspect(page, 'the sheet of keys', wrong)
  await run.shot(page, 'inbox-keys', false)
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  const opened = async (key) => {
    const was = page.url()
    await page.keyboard.press(key)
    await page.waitForURL((url) => url.href !== was && /\/cases\/case_/.test(url.pathname))
  }
  await opened('b') // the case beside the list follows
  await opened('b')
  const was = page.url()
  await page.keyboard.press('j')
  await page.waitForTimeout(500)
  check(page.url() === was, 'the old key does nothing any more')
  await page.keyboard.press('Shift+Slash')
  await sheet.getByRole('button', { name: t('sheet.keys_all_back'), exact: true }).click()
  await page.keyboard.press('Escape')
}

async function drawn({ agent, chief, run, wrong }) {
  const { page, t } = agent
  await page.goto('/console/cases?q=nothing-like-this-at-all')
  await page.getByText(t('list.none_filtered'), { exact: true }).waitFor()
  await run.shot(page, 'inbox-empty', false)
  let hold
  const held = new Promise((done) => (hold = done))
  await page.route(/\/v1\/cases\?/, async (route) => {
    await held
    await route.abort().catch(() => undefined)
  })
  await page.goto('/console/cases?tab=over')
  await page.waitForTimeout(600)
  await run.shot(page, 'inbox-loading', false)
  hold()
  await page.getByRole('button', { name: t('act.retry'), exact: true }).first().waitFor()
  await inspect(page, 'a list that could not be read', wrong)
  await run.shot(page, 'inbox-error', false)
  await page.unroute(/\/v1\/cases\?/)
  await page.getByRole('button', { name: t('act.retry'), exact: true }).first().click()
  await page.getByText(t('list.none_filtered'), { exact: true }).or(page.locator('[data-row="0"]')).first().waitFor()
  await chief.page.goto('/console/staff')
  await chief.page.getByRole('heading', { level: 1 }).waitFor()
  await run.shot(chief.page, 'inbox-denied', false)
  await inspect(chief.page, 'a page one may not open', wrong)
}
