// What each page says while it waits, when the server fails, when it cannot be
// reached, when somebody may not see it, and when there is nothing yet: every
// route of the console and of the portal, each with a picture.
import { check, desk, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { fill, paths, values } from './routes.mjs'
import { openCase } from './staff.mjs'

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
      await seen.waitFor({ timeout: 20_000 })
      await inspect(page, `${face} ${name} ${state}`, wrong)
    } catch (error) {
      wrong.push(`${face} ${name}: nothing says ${state} (${error.message.split('\n')[0]})`)
    }
    await run.shot(page, `states-${face}-${name.replace(/\W+/g, '-')}-${state}`, false)
  }
  await context.unroute(/\/(v1\/|healthz)/, hold, { behavior: 'ignoreErrors' })
  const faults = me.faults.filter((one) => !one.startsWith('500 '))
  wrong.push(...faults.map((one) => `${face} ${state}: ${one}`))
}

export async function walk(browser, run) {
  const wrong = []
  const id = await openCase(run, run.buyers.pages)
  const known = await values(run, id)
  const console = paths('console/router.ts').filter((path) => !['/', '/signin'].includes(path)).concat('/cases/:id')
  // What the list showed when it was opened is still known; the list of another filter is not.
  const pages = console.map((route) => [route, `/console${fill(route, known)}${route === '/cases' ? '?kind=exchange' : ''}`])
  const own = paths('portal/router.ts').map((route) => [route, fill(route, known)])
  for (const state of Object.keys(states))
    await run.step(`console, ${state}`, async () => {
      const me = await signIn(browser, run, 'administrator', { dark: state === 'error' })
      await turn(me.page, '/console/nowhere')
      await through(me, run, 'console', state, reading(pages), wrong)
      await me.context.close()
    })
  let proof
  for (const state of Object.keys(states))
    await run.step(`portal, ${state}`, async () => {
      const me = { ...(await person(browser, run, { viewport: phone, dark: state === 'error' })), t: await texts('zh-CN') }
      if (proof) await me.context.addCookies(proof)
      else await lookUp(me, run, me.t, run.buyers.pages)
      proof ??= await me.context.cookies()
      await me.page.goto('/orders')
      await turn(me.page, '/nowhere')
      await through(me, run, 'portal', state, reading(own), wrong)
      await me.context.close()
    })
  await run.step('pages that a role does not see', () => denied(browser, run, pages, wrong))
  if (wrong.length) throw new Error(`${wrong.length} findings:\n${[...new Set(wrong)].join('\n')}`)
}

/** Somebody of the warehouse sees some pages; all others say that they are not theirs. */
async function denied(browser, run, pages, wrong) {
  const me = run.with(await signIn(browser, run, 'warehouse', { viewport: desk }))
  const { page, t } = me
  const nobody = page.getByRole('heading', { name: t('denied.title'), exact: true })
  let closed = 0
  for (const [name, path] of pages) {
    await turn(page, '/console/nowhere')
    await turn(page, path)
    await page.waitForFunction((at) => location.pathname + location.search === at && !document.querySelector('[aria-busy=true]'), path)
    if (!(await nobody.count())) continue
    closed++
    await inspect(page, `${name} denied`, wrong)
    await run.shot(page, `states-console-${name.replace(/\W+/g, '-')}-denied`, false)
  }
  if (closed < 15) wrong.push(`${closed} pages are closed to the warehouse`)
}

/** A shop that was opened today: nothing is in any list, and each says what would be. */
export async function walkEmpty(browser, run) {
  const wrong = []
  const me = run.with(await signIn(browser, run, 'administrator', { viewport: desk }))
  const { page } = me
  const lists = paths('console/router.ts').filter((path) => !['/', '/signin'].includes(path) && !path.includes(':'))
  for (const route of lists)
    await run.step(`nothing in ${route}`, async () => {
      await turn(page, `/console${route}`)
      await page.locator('main h1').first().waitFor()
      await page.waitForFunction((at) => location.pathname === at && !document.querySelector('[aria-busy=true]'), `/console${route}`)
      if (await page.locator('main [role=alert]:visible').count()) wrong.push(`${route} complains in an empty shop`)
      await inspect(page, `${route} empty`, wrong)
      await run.shot(page, `states-console-${route.replace(/\W+/g, '-')}-empty`, false)
    })
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}
