// What each page says while it waits, when the server fails, when it cannot be
// reached, when somebody may not see it, and when there is nothing yet: every
// route of the console and of the portal, each with a picture.
import { call, check, desk, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { fill, paths, values } from './routes.mjs'
import { openCase } from './staff.mjs'
import { settled } from './wait.mjs'

/** Pages that read nothing when they are opened. */
const still = new Set(['/:rest(.*)*', '*', '/', '/link/:token'])
const session = /\/v1\/(my\/)?(session|live)\b/
const trouble = {
  status: 500,
  contentType: 'application/problem+json',
  headers: { 'X-Request-Id': 'req_states' },
  body: JSON.stringify({ type: 'about:blank', status: 500, title: 'Internal Server Error', code: 'internal' }),
}
/** What becomes of a request in each state, and what the page has to show then. */
const states = {
  loading: { act: () => {}, shows: 'main [aria-busy=true]:visible' },
  error: { act: (route) => route.fulfill(trouble), shows: 'main [role=alert]:visible' },
  unreachable: { act: (route) => route.abort('internetdisconnected'), shows: 'main [role=alert]:visible' },
}

const reading = (list) => list.filter(([route]) => !still.has(route))

/** Goes to a page without reading the program again. */
const turn = (page, path) =>
  page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, path)

async function through(me, run, face, state, list, wrong) {
  const { page, context } = me
  const { act, shows } = states[state]
  const hold = (route) => (session.test(route.request().url()) ? route.continue() : act(route))
  await context.route(/\/(v1\/|healthz)/, hold)
  const gone = page.locator('main h1', { hasText: me.t(face === 'portal' ? 'app.notfound' : 'missing.title') })
  for (const [name, path] of list) {
    await turn(page, face === 'portal' ? '/nowhere' : '/console/nowhere')
    await gone.waitFor()
    await turn(page, path)
    const seen = page.locator(shows).first()
    try {
      await seen.waitFor()
      await inspect(page, `${face} ${name} ${state}`, wrong)
    } catch (error) {
      const shown = (await page.locator('main').innerText()).replace(/\s+/g, ' ').slice(0, 160)
      wrong.push(`${face} ${name}: nothing says ${state} (${error.message.split('\n')[0]}), it shows: ${shown}`)
    }
    await run.shot(page, `states-${face}-${name.replace(/\W+/g, '-')}-${state}`, false)
  }
  await context.unroute(/\/(v1\/|healthz)/, hold, { behavior: 'ignoreErrors' })
  const faults = me.faults.filter((one) => !one.startsWith('500 '))
  wrong.push(...faults.map((one) => `${face} ${state}: ${one}`))
}

/** A case of the customer whose pages these are: the one that an earlier walk opened, or a new one. */
async function someCase(run) {
  const { items } = await call(run, run.key, 'GET', `/v1/cases?q=${run.buyers.pages.number}`)
  return items[0]?.id ?? openCase(run, run.buyers.pages)
}

async function consolePages(run) {
  const known = await values(run, await someCase(run))
  const routes = paths('console/router.ts').filter((path) => !['/', '/signin'].includes(path)).concat('/cases/:id')
  // What the list showed when it was opened is still known; the list of another filter is not.
  return routes.map((route) => [route, `/console${fill(route, known)}${route === '/cases' ? '?kind=exchange' : ''}`])
}

/** The console in one state: "states-loading", "states-error", "states-unreachable". */
export const walkConsole = (state) => async (browser, run) => {
  const wrong = []
  const me = await signIn(browser, run, 'administrator', { dark: state === 'error' })
  await turn(me.page, '/console/nowhere')
  await run.step(`console, ${state}`, async () => through(me, run, 'console', state, reading(await consolePages(run)), wrong))
  tell(wrong)
}

/**
 * The portal in all of them. Without its worker: once it takes a page over, in
 * the middle of the walk on a slow machine, what it leaves to the network no
 * longer passes by the walk, and is answered for real.
 */
export async function walkPortal(browser, run) {
  const wrong = []
  const known = await values(run, await someCase(run))
  const own = paths('portal/router.ts').map((route) => [route, fill(route, known)])
  let proof
  for (const state of Object.keys(states))
    await run.step(`portal, ${state}`, async () => {
      const look = { viewport: phone, dark: state === 'error', serviceWorkers: 'block' }
      const me = { ...(await person(browser, run, look)), t: await texts('zh-CN') }
      if (proof) await me.context.addCookies(proof)
      else await lookUp(me, run, me.t, run.buyers.pages)
      proof ??= await me.context.cookies()
      // An answer that was asked for before the page was there is used up, and not what is shown next.
      await me.page.goto('/orders')
      await me.page.getByText(run.buyers.pages.number).first().waitFor()
      await turn(me.page, '/nowhere')
      await through(me, run, 'portal', state, reading(own), wrong)
      await me.context.close()
    })
  tell(wrong)
}

const tell = (wrong) => check(wrong.length === 0, `${wrong.length} findings:\n${[...new Set(wrong)].join('\n')}`)

/** Somebody of the warehouse sees some pages; all others say that they are not theirs. */
export async function walkDenied(browser, run) {
  const wrong = []
  const me = run.with(await signIn(browser, run, 'warehouse', { viewport: desk }))
  const { page, t } = me
  const gone = page.locator('main h1', { hasText: t('missing.title') })
  const nobody = page.getByRole('heading', { name: t('denied.title'), exact: true })
  let closed = 0
  for (const [name, path] of reading(await consolePages(run))) {
    await turn(page, '/console/nowhere')
    await gone.waitFor()
    await turn(page, path)
    await gone.waitFor({ state: 'detached' })
    await page.waitForFunction((at) => location.pathname + location.search === at, path)
    await settled(page)
    if (!(await nobody.count())) continue
    closed++
    await inspect(page, `${name} denied`, wrong)
    await run.shot(page, `states-console-${name.replace(/\W+/g, '-')}-denied`, false)
  }
  if (closed < 15) wrong.push(`${closed} pages are closed to the warehouse`)
  tell(wrong)
}

/** The lists that hold nothing in a shop of today; the others have something from the first hour, or are forms. */
const bare = new Set(
  'cases ratings orders payouts chargebacks charges clearing stock products pickups stopped customers backtests jobs rights/try payment-accounts carriers replies webhooks security'
    .split(' ')
    .map((name) => `/${name}`),
)

/** A shop that was opened today: nothing is in any list, and each says what would be. */
export async function walkEmpty(browser, run) {
  const wrong = []
  const me = run.with(await signIn(browser, run, 'administrator', { viewport: desk }))
  const { page, t } = me
  const gone = page.locator('main h1', { hasText: t('missing.title') })
  const lists = paths('console/router.ts').filter((path) => !['/', '/signin'].includes(path) && !path.includes(':'))
  for (const route of lists)
    await run.step(`nothing in ${route}`, async () => {
      // The page before is gone first, so that nothing of it is taken for this one's.
      await turn(page, '/console/nowhere')
      await gone.waitFor()
      await turn(page, `/console${route}`)
      await gone.waitFor({ state: 'detached' })
      await page.locator('main h1').first().waitFor()
      await page.waitForFunction((at) => location.pathname === at, `/console${route}`)
      await settled(page)
      if (await page.locator('main [role=alert]:visible').count()) wrong.push(`${route} complains in an empty shop`)
      if (bare.delete(route)) {
        const nothing = page.locator('main [data-nothing]').first()
        await nothing.waitFor().catch(() => wrong.push(`${route} does not say that there is nothing`))
      }
      await inspect(page, `${route} empty`, wrong)
      await run.shot(page, `states-console-${route.replace(/\W+/g, '-')}-empty`, false)
    })
  for (const route of bare) wrong.push(`${route} is no page`)
  tell(wrong)
}
