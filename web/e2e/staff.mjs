// Two members of staff look at the same case: what one does, the other sees.
import { call, check, texts } from './browser.mjs'
import { approve, open, signIn } from './console.mjs'
import { inspect } from './inspect.mjs'

export async function walk(browser, run) {
  const t = await texts('zh-CN')
  const id = await run.step('a case is opened', () => openCase(run, run.buyers.staff))
  const watching = run.with(await run.step('the supervisor signs in', () => signIn(browser, run, 'supervisor')))
  const { page } = watching
  await open(watching, id)
  const deciding = run.with(await run.step('the agent signs in', () => signIn(browser, run, 'agent')))
  const live = page.getByRole('button', { name: t('do.approve'), exact: true })
  await live.waitFor()
  await run.step('the agent approves', () => approve(deciding, run, id))
  await run.step('the supervisor sees it live', () =>
    page.locator('header').getByText(t('case.state.await_return'), { exact: true }).first().waitFor(),
  )
  check(page.url().endsWith(id), 'the supervisor did not move')
  await run.shot(page, 'staff-live', false)
  await run.step('the palette finds the case, its order and its customer', () =>
    find(watching, run, run.buyers.staff, t),
  )
}

/** Looks an order number up, and the customer by the beginning of the address. */
async function find({ page }, run, buyer, t) {
  await page.keyboard.press('Control+KeyK')
  const field = page.getByRole('combobox', { name: t('palette.placeholder') })
  const list = page.getByRole('listbox', { name: t('palette.results') })
  const group = (key) => list.locator('[role=presentation]', { hasText: t(key) }).waitFor()
  const wrong = []
  await field.fill(buyer.number)
  await group('palette.orders')
  await group('palette.cases')
  await run.shot(page, 'staff-palette', false)
  await inspect(page, 'palette', wrong)
  await field.fill(buyer.contact.slice(0, -1))
  await group('palette.customers')
  await page.getByRole('option').filter({ hasText: buyer.contact }).click()
  await page.waitForURL(/\/console\/orders\?q=/)
  await page.getByText(buyer.number).first().waitFor()
  check(wrong.length === 0, wrong.join('\n'))
}

/** Opens a return on behalf of a customer, as a program would. */
export async function openCase(run, buyer) {
  const orders = await call(run, run.key, 'GET', `/v1/orders?q=${buyer.number}`)
  const made = await call(run, run.key, 'POST', '/v1/cases', {
    order: orders.items[0].id,
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
    comment: '颜色与页面不一致',
  })
  return made.id
}
