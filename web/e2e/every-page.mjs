// Every route of the console and of the portal, as their routers list them, in
// both colour schemes: no serious finding of axe, nothing that scrolls sideways
// on a narrow phone, and no route that nobody thought of here.
import { check, desk, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { fill, paths, values } from './routes.mjs'
import { openCase } from './staff.mjs'
import { settled } from './wait.mjs'

export async function walk(browser, run) {
  const wrong = []
  const id = await openCase(run, run.buyers.pages)
  const known = await values(run, id)
  const routes = paths('console/router.ts')
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

  const own = paths('portal/router.ts')
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
  await settled(page)
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await inspect(page, `${where} ${colorScheme}`, wrong)
    await run.shot(page, `every-${where.replace(/\W+/g, '-')}-${colorScheme}`, false)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await sideways(page, narrow, usual, where, wrong)
}
