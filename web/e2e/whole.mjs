// A customer's whole return on a phone, in simplified Chinese: from the e-mail
// with the code to the e-mail about the refund.
import { writeFileSync } from 'node:fs'
import { call, check, mail, person, texts } from './browser.mjs'
import { approve, grade, receive, signIn } from './console.mjs'
import { inspect } from './inspect.mjs'
import { fillReturn, lookUp, send } from './portal.mjs'

const headphones = '声悦 X2 降噪耳机 SoundJoy X2'
const shirts = '云麦 长绒棉 T 恤 Cotton T-shirt'

export async function walk(browser, run) {
  const t = await texts('zh-CN')
  const buyer = run.buyers.whole
  const me = run.with(await person(browser, run))
  const { page } = me
  run.wrong = []
  run.inspect = (one, where) => inspect(one, where, run.wrong)
  const see = (text) => page.getByText(text, { exact: true }).first().waitFor()

  await run.step('look up the order', () => lookUp(me, run, t, buyer, 'whole'))
  await run.shot(page, 'whole-order')
  await run.step('fill the form', () =>
    fillReturn(
      me,
      run,
      t,
      [
        { title: headphones, reason: 'defective', photo: run.photo },
        { title: shirts, reason: 'wrong_size', quantity: 2 },
      ],
      'whole',
    ),
  )
  const id = await run.step('send it', () => send(me, run, t, 'whole'))
  run.fact('case', id)
  run.fact('total', await page.locator('[data-total]').textContent())
  const number = await page
    .getByText(/^R-\w{4}-\w{4}$/)
    .first()
    .textContent()
  await run.step('e-mail: received', () => mail(run, buyer.contact, number, '我们收到了'))

  const agent = run.with(await signIn(browser, run, 'agent'))
  await run.step('the agent approves', () => approve(agent, run, id, 'whole'))
  await run.step('the customer sees it live', () => see(t('case.now.await_return')))
  await run.step('e-mail: approved', () => mail(run, buyer.contact, number, '已同意'))
  await run.shot(page, 'whole-approved')
  await run.step('download the label', () => label(page, run, t))

  const tracking = await page
    .locator('bdi')
    .filter({ hasText: /^AC\d+$/ })
    .first()
    .textContent()
  await run.step('the customer says it is on its way', () => handOver(page, run, t))
  await see(t('case.now.returning'))
  const scan = (status, at, place) =>
    call(run, run.key, 'POST', '/v1/scans', {
      carrier: 'own',
      tracking,
      status,
      at: at.toISOString(),
      place,
      id: status,
    })
  await run.step('the carrier scans', async () => {
    await scan('in_transit', new Date(Date.now() - 2000), '上海转运中心')
    await page.getByText('上海转运中心', { exact: true }).waitFor()
    await scan('delivered', new Date(), '杭州滨江')
    await page.getByText('杭州滨江', { exact: true }).waitFor()
  })
  await run.shot(page, 'whole-delivered')

  const warehouse = run.with(await signIn(browser, run, 'warehouse'))
  await run.step('the warehouse receives', () => receive(warehouse, run, id, tracking, 'whole'))
  await run.step('the warehouse grades', () => grade(warehouse, run, 'whole'))
  await run.step('the customer sees the refund live', () => see(t('case.now.completed')))
  await page.getByText(t('money.paid'), { exact: true }).waitFor()
  await run.shot(page, 'whole-completed')
  await run.inspect(page, 'refunded')
  check(page.url().endsWith(id), 'the customer is still on the page of the case')
  const letter = await run.step('e-mail: refunded', () => mail(run, buyer.contact, number, '退款', '已完成'))
  await run.step('the link of the e-mail signs in', () => follow(browser, run, t, letter, id))
  check(run.wrong.length === 0, run.wrong.join('\n'))
}

async function label(page, run, t) {
  const link = page.getByRole('link', { name: t('parcel.label') })
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
  await opened.close()
  const answer = await page.request.get(await link.getAttribute('href'))
  check(answer.headers()['content-type'] === 'application/pdf', 'the label is a PDF')
  const body = await answer.body()
  check(body.subarray(0, 5).toString() === '%PDF-', 'the file of the label is a PDF')
  writeFileSync(`${run.out}/whole-label.pdf`, body)
}

async function handOver(page, run, t) {
  await page.getByRole('button', { name: t('parcel.handed') }).click()
  const sheet = page.getByRole('dialog', { name: t('handover.title') })
  await run.inspect(page, 'hand over')
  await sheet.getByRole('button', { name: t('handover.action') }).click()
  await sheet.waitFor({ state: 'hidden' })
}

async function follow(browser, run, t, letter, id) {
  const [link] = letter.text.match(/https?:\/\/\S*\/link\/\S+/) ?? []
  check(link, `the e-mail has a link: ${letter.text}`)
  const reader = run.with(await person(browser, run))
  await reader.page.goto(link)
  await reader.page.waitForURL((url) => !url.pathname.startsWith('/link/'))
  await reader.page.getByText(t('case.now.completed'), { exact: true }).first().waitFor()
  check(reader.page.url().includes(id), `the link leads to the case, not to ${reader.page.url()}`)
  await reader.context.close()
}
