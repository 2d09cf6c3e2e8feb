// What staff do in the console.
import { call, desk, person } from './browser.mjs'

/** Signs in with e-mail and password. */
export async function signIn(browser, run, role) {
  const me = await person(browser, run, { viewport: desk })
  const { page } = me
  const { email, password } = run.staff[role]
  const made = await page.request.post('/v1/session', { data: { email, password } })
  if (!made.ok()) throw new Error(`${email} cannot sign in: ${await made.text()}`)
  return me
}

async function act(me, run, id, action) {
  const found = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  const made = await me.page.request.post(`/v1/cases/${id}/actions`, {
    data: action,
    headers: { 'If-Match': `"${found.version}"` },
  })
  if (!made.ok()) throw new Error(`${action.action}: ${await made.text()}`)
  return found
}

export const approve = (me, run, id) => act(me, run, id, { action: 'approve', note: '同意退货' })

export async function receive(me, run, id) {
  const { items } = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  await act(me, run, id, { action: 'receive', items: items.map(({ line, quantity }) => ({ line, quantity })) })
}

export async function grade(me, run, id) {
  const { items } = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  const graded = items.map(({ line, quantity }) => ({ line, count: quantity, grade: 'A', disposition: 'restock' }))
  await act(me, run, id, { action: 'grade', items: graded })
}
