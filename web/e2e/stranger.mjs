// A customer cannot open what belongs to another one.
import { call, check, person, texts } from './browser.mjs'
import { lookUp } from './portal.mjs'

export async function walk(browser, run) {
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run))
  const { page } = me
  await run.step('sign in', () => lookUp(me, run, t, run.buyers.stranger))
  const { items } = await call(run, run.key, 'GET', '/v1/cases')
  check(items.length > 0, 'there are cases of others')
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${run.buyers.whole.number}`)
  await run.step('the case of another customer is not there', async () => {
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.url().includes(`/v1/my/cases/${items[0].id}`)),
      page.goto(`/cases/${items[0].id}`),
    ])
    check(answer.status() === 404, `the case is answered with ${answer.status()}`)
    await page.getByRole('heading', { name: t('app.notfound'), level: 1 }).waitFor()
    check(!(await page.content()).includes(run.buyers.whole.number), 'the page tells the order number')
  })
  await run.shot(page, 'stranger')
  await run.step('nor is the order', async () => {
    for (const path of [
      `/v1/my/orders/${orders.items[0].id}`,
      `/v1/my/cases/${items[0].id}/label.pdf`,
      `/v1/my/live?case=${items[0].id}`,
    ]) {
      const answer = await page.request.get(path)
      check(answer.status() === 404, `${path} is answered with ${answer.status()}`)
    }
  })
}
