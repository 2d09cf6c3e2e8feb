// Every route of the console and of the portal, as their routers list them, in
// both colour schemes: no serious finding of axe, nothing that scrolls sideways
// on a narrow phone, and no route that nobody thought of here.
import { readFileSync } from 'node:fs'
import { call, check, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { openCase } from './staff.mjs'

const source = (path) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8')
const paths = (text) => [...new Set([...text.matchAll(/(?:path: |\[)'([/*][^']*)'/g)].map((found) => found[1]))]

/** What stands for the parts of a route that vary; a part of a route here wins over one by its name. */
async function values(run, caseId) {
  const read = (path) => call(run, run.key, 'GET', path)
  const { items } = await read(`/v1/orders?q=${run.buyers.pages.number}`)
  const order = await read(`/v1/orders/${items[0].id}`)
  return {
    '/cases/:id': caseId,
    '/warehouse/:id': caseId,
    '/orders/:id': items[0].id,
    '/return/:orderId': items[0].id,
    '/customers/:id': order.customer?.id ?? order.customer_id,
    '/policies/:id': 'standard',
    '/backtests/:id': 'run_00000000000000000000000000',
    '/rights/:place': 'CN',
    '/templates/:kind/:language': 'approved/en',
    '/link/:token': 'nothing-like-a-link',
    '/:rest(.*)*': 'nowhere/at/all',
  }
}

function fill(route, known) {
  if (route === '*' || route === '/:rest(.*)*') return '/nowhere/at/all'
  let path = route
  for (const [part, value] of Object.entries(known))
    if (path.startsWith(part)) path = part.replace(/:.*$/, value) + path.slice(part.length)
  // A route nobody knows a value for is opened all the same: it has to say that there is no such thing.
  return path.replace(/:\w+(\([^)]*\))?\*?/g, 'nothing_like_it')
}

export async function walk(browser, run) {
  const wrong = []
  const id = await openCase(run, run.buyers.pages)
  const known = await values(run, id)
  const routes = paths(source('console/router.ts'))
    .filter((path) => path !== '/')
    .concat('/cases/:id')
  check(routes.length > 20, `the router of the console lists ${routes.length} routes`)
  const me = run.with(await run.step('the administrator signs in', () => signIn(browser, run, 'administrator')))
  for (const route of routes)
    await run.step(`console ${route}`, () =>
      look(me, run, `/console${fill(route, known)}`, `console ${route}`, desk, wrong),
    )
  await me.context.clearCookies()
  await look(me, run, '/console/signin', 'console sign-in', desk, wrong)
  await me.context.close()

  const own = paths(source('portal/router.ts'))
  check(own.length > 6, `the router of the portal lists ${own.length} routes`)
  const t = await texts('zh-CN')
  const buyer = run.with(await person(browser, run, { viewport: phone }))
  await lookUp(buyer, run, t, run.buyers.pages)
  // Links end sessions: they come last.
  for (const route of own.toSorted((a, b) => Number(a.startsWith('/link')) - Number(b.startsWith('/link'))))
    await run.step(`portal ${route}`, () => look(buyer, run, fill(route, known), `portal ${route}`, phone, wrong))
  await buyer.context.close()
  run.fact('pages', routes.length + own.length)
  if (wrong.length) throw new Error(`${wrong.length} findings:\n${[...new Set(wrong)].join('\n')}`)
}

/** Opens a page, waits until nothing is loading any more, and looks at it in light and dark. */
async function look({ page }, run, path, where, usual, wrong) {
  await page.goto(path)
  await page.getByRole('heading').or(page.getByRole('alert')).first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${where} ${colorScheme}`, wrong)
    await run.shot(page, `every-${where.replace(/\W+/g, '-')}-${colorScheme}`, false)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await sideways(page, narrow, usual, where, wrong)
}
