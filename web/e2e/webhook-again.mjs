// A delivery that failed is sent again from the log: the receiver gets the same
// message with the same id, and the log says that it arrived.
import { createServer } from 'node:http'
import { check } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect } from './inspect.mjs'
import { until } from './wait.mjs'

const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

/** Somebody who is told things, and is out of order until it is mended. */
async function receiver() {
  const all = []
  const one = { all, mended: false }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      all.push({ id: request.headers['webhook-id'], signature: request.headers['webhook-signature'], body })
      response.writeHead(one.mended ? 200 : 503).end(one.mended ? 'thank you' : 'out of order')
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  one.url = `http://127.0.0.1:${server.address().port}/hook`
  one.close = () => new Promise((done) => server.close(done))
  return one
}

/** Waits until the log of the webhook that is open says so of its last delivery: a job sends it. */
export async function delivered(page, state) {
  const hook = new URL(page.url()).pathname.split('/').pop()
  const last = async () => (await (await page.request.get(`/v1/webhooks/${hook}/deliveries`)).json()).items[0]?.state
  await until('the last delivery', last, state)
}

export async function walk(browser, run) {
  const wrong = []
  const to = await receiver()
  try {
    const me = run.with(await run.step('an administrator signs in', () => signIn(browser, run, 'administrator')))
    const { page, t } = me
    await run.step('a webhook of a program that is out of order', async () => {
      await page.goto('/console/webhooks')
      await press(page, t('webhook.add'))
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(t('webhook.name'), { exact: true }).fill('ERP')
      await dialog.getByLabel(t('webhook.url'), { exact: true }).fill(to.url)
      await press(dialog, t('act.save'))
      await press(dialog, t('webhook.stored'))
      await page.getByRole('link', { name: /ERP/ }).click()
      await page.getByRole('heading', { name: 'ERP', level: 1 }).waitFor()
      await press(page, t('webhook.ping'))
      await page.getByText('webhook.ping').first().waitFor()
      await delivered(page, 'failed')
      await page.reload()
      await page.getByText(t('webhook.is.failed')).first().waitFor()
      check(to.all.length > 0, 'nothing was sent')
    })
    const before = to.all.length
    const id = to.all[0].id
    await run.step('it is sent again from the log', async () => {
      to.mended = true
      const row = page.getByRole('row').filter({ hasText: 'webhook.ping' })
      await press(row, t('webhook.again'))
      await page.getByText(t('webhook.done.again')).waitFor()
      await row.getByText(t('webhook.is.delivered'), { exact: true }).or(row.getByText(t('webhook.is.waiting'), { exact: true })).first().waitFor()
      await delivered(page, 'delivered')
      await page.reload()
      await row.getByText(t('webhook.is.delivered'), { exact: true }).waitFor()
      await row.getByText('200', { exact: true }).waitFor()
      await inspect(page, 'a delivery sent again', wrong)
      await run.shot(page, 'webhook-again', false)
    })
    const last = to.all.at(-1)
    check(to.all.length > before && last.id === id && last.body === to.all[0].body, `sent again as ${JSON.stringify(to.all)}`)
    check(last.signature.startsWith('v1,'), `not signed: ${last.signature}`)
    await run.step('the log names the same message', async () => {
      const hook = new URL(page.url()).pathname.split('/').pop()
      const { items } = await (await page.request.get(`/v1/webhooks/${hook}/deliveries`)).json()
      check(items.length === 1 && items[0].event === id && items[0].state === 'delivered', `the log: ${JSON.stringify(items)}`)
      await press(page, t('webhook.look'))
      await page.getByRole('dialog').getByText(`webhook-id: ${id}`).waitFor()
      await run.shot(page, 'webhook-again-look', false)
    })
    check(wrong.length === 0, wrong.join('\n'))
  } finally {
    await to.close()
  }
}
