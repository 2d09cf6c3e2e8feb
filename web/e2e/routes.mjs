// All routes of the console and of the portal, and what stands for the parts of
// them that vary.
import { readFileSync } from 'node:fs'
import { call } from './browser.mjs'

const source = (path) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8')
/** The routes of a router, as its source lists them. */
export const paths = (router) => [...new Set([...source(router).matchAll(/(?:path: |\[)'([/*][^']*)'/g)].map((found) => found[1]))]

/** What stands for the parts of a route that vary; a part of a route here wins over one by its name. */
export async function values(run, caseId) {
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

/** A route with its parts filled in. */
export function fill(route, known) {
  if (route === '*' || route === '/:rest(.*)*') return '/nowhere/at/all'
  let path = route
  for (const [part, value] of Object.entries(known))
    if (path.startsWith(part)) path = part.replace(/:.*$/, value) + path.slice(part.length)
  // A route nobody knows a value for is opened all the same: it has to say that there is no such thing.
  return path.replace(/:\w+(\([^)]*\))?\*?/g, 'nothing_like_it')
}
