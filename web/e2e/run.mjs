// Runs one walk: "node run.mjs NAME", with what there is to know as JSON on
// standard input, and prints what happened as JSON.
import { readFileSync } from 'node:fs'
import { launch, shot } from './browser.mjs'

const walks = {
  whole: () => import('./whole.mjs'),
  staff: () => import('./staff.mjs'),
  signin: () => import('./signin.mjs'),
  stranger: () => import('./stranger.mjs'),
  kinds: () => import('./kinds.mjs'),
  desk: () => import('./desk.mjs'),
  inbox: () => import('./inbox.mjs'),
  together: () => import('./together.mjs'),
  withdrawn: () => import('./withdrawn.mjs'),
  keyboard: () => import('./keyboard.mjs'),
  rights: () => import('./rights.mjs'),
  'rights-console': () => import('./rights-console.mjs'),
  world: () => import('./world.mjs'),
  insight: () => import('./insight.mjs'),
  webhooks: () => import('./webhooks.mjs'),
  'webhook-again': () => import('./webhook-again.mjs'),
  brand: () => import('./brand.mjs'),
  widget: () => import('./widget.mjs'),
  'widget-out': () => import('./widget.mjs').then(({ walkOut }) => ({ walk: walkOut })),
  moves: () => import('./moves.mjs'),
  accounts: () => import('./accounts.mjs'),
  pages: () => import('./pages.mjs'),
  sealed: () => import('./sealed.mjs'),
  'sealed-customer': () => import('./sealed-customer.mjs'),
  'sealed-keys': () => import('./sealed-keys.mjs'),
  'portal-taps': () => import('./portal-taps.mjs'),
  'portal-files': () => import('./portal-files.mjs'),
  'portal-weak': () => import('./portal-weak.mjs'),
  'portal-resume': () => import('./portal-resume.mjs'),
  'portal-promised': () => import('./portal-promised.mjs'),
  ratings: () => import('./ratings.mjs'),
  messages: () => import('./messages.mjs'),
  policies: () => import('./policies.mjs'),
  'policy-life': () => import('./policies.mjs').then(({ walkLife }) => ({ walk: walkLife })),
  'policy-pages': () => import('./policies.mjs').then(({ walkPages }) => ({ walk: walkPages })),
  customers: () => import('./customers.mjs'),
  search: () => import('./search.mjs'),
  dashboards: () => import('./dashboards.mjs'),
  layouts: () => import('./layouts.mjs'),
  'day-supervisor': () => import('./day-supervisor.mjs'),
  parcels: () => import('./parcels.mjs'),
  pickups: () => import('./pickups.mjs'),
  wallet: () => import('./wallet.mjs'),
  'states-loading': () => import('./states.mjs').then(({ walkConsole }) => ({ walk: walkConsole('loading') })),
  'states-error': () => import('./states.mjs').then(({ walkConsole }) => ({ walk: walkConsole('error') })),
  'states-unreachable': () => import('./states.mjs').then(({ walkConsole }) => ({ walk: walkConsole('unreachable') })),
  'states-portal': () => import('./states.mjs').then(({ walkPortal }) => ({ walk: walkPortal })),
  'states-denied': () => import('./states.mjs').then(({ walkDenied }) => ({ walk: walkDenied })),
  'states-empty': () => import('./states.mjs').then(({ walkEmpty }) => ({ walk: walkEmpty })),
  'every-page': () => import('./every-page.mjs'),
  zoom: () => import('./zoom.mjs'),
  'zoom-portal': () => import('./zoom.mjs').then(({ walkPortal }) => ({ walk: walkPortal })),
  calendars: () => import('./calendars.mjs'),
  demo: () => import('./demo.mjs'),
  'set-off': () => import('./set-off.mjs'),
  silence: () => import('./silence.mjs'),
  'day-seller': () => import('./day-seller.mjs'),
  'day-admin': () => import('./day-admin.mjs'),
  'day-customer': () => import('./day-customer.mjs'),
  'day-warehouse': () => import('./day-warehouse.mjs'),
}

const name = process.argv[2]
const run = JSON.parse(readFileSync(0, 'utf8'))
const result = { ok: false, error: '', steps: [], facts: {}, shots: [] }
const people = []

run.step = async (what, act) => {
  const started = performance.now()
  // What a walk was at is seen when it has to be stopped.
  process.stderr.write(`${what}\n`)
  try {
    return await act()
  } catch (error) {
    throw new Error(`${what}: ${error.message}`, { cause: error })
  } finally {
    result.steps.push({ name: what, ms: Math.round(performance.now() - started) })
  }
}
run.fact = (key, value) => (result.facts[key] = String(value))
run.shot = async (page, what, whole) => result.shots.push(await shot(page, run, what, whole))
run.with = (one) => (people.push(one), one)

const browser = await launch()
try {
  const { walk } = await walks[name]()
  await walk(browser, run)
  for (const one of people) {
    if (one.faults.length) throw new Error(`the browser complains: ${one.faults.join('; ')}`)
  }
  result.ok = true
} catch (error) {
  // eslint-disable-next-line no-control-regex
  result.error = error.message.replace(/\u001b\[\d+m/g, '')
  for (const [index, one] of people.entries()) {
    if (!one.page.isClosed()) await run.shot(one.page, `${name}-fault-${index}`).catch(() => {})
    if (one.faults.length) result.error += `\nthe browser also complains: ${one.faults.join('; ')}`
  }
} finally {
  await browser.close()
}
process.stdout.write(JSON.stringify(result))
process.exitCode = result.ok ? 0 : 1
