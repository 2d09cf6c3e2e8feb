// A weak phone: a draft with two photos is loaded again without a network, and
// is open in two tabs at once. Nothing is lost, sent twice or written over.
import { join } from 'node:path'
import { check, person, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { fillReturn, lookUp } from './portal.mjs'
import { until } from './wait.mjs'

const shirt = '云麦 长绒棉 T 恤 Cotton T-shirt'

const list = (tab) => tab.getByRole('list', { name: shirt, exact: true })

export async function walk(browser, run) {
  const wrong = []
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run))
  const { page, context } = me
  const second = join(run.photo, '..', 'second.jpg')
  const tile = (tab, n) => list(tab).getByRole('button', { name: t('photo.remove', { count: n }) })
  const two = async (tab) => {
    await tile(tab, 2).waitFor()
    check((await tile(tab, 3).count()) === 0, 'there are more photos than were taken')
  }
  const comment = (tab) => tab.getByRole('textbox', { name: new RegExp(`^${t('apply.comment')}`) })
  const draft = () =>
    page.evaluate(() => {
      const key = Object.keys(localStorage).find((one) => one.startsWith('aftercare.draft.'))
      return key && JSON.parse(localStorage.getItem(key))
    })
  const photosOf = async () => Object.values((await draft()).items).flatMap((item) => item.photos).length
  await run.step('a draft with two photos, one of them taken without a network', async () => {
    await lookUp(me, run, t, run.buyers.weak)
    await page.screenshot({ path: second, type: 'jpeg' })
    await page.waitForFunction(() => navigator.serviceWorker.controller)
    await fillReturn(me, run, t, [{ title: shirt, reason: 'defective', photo: run.photo }])
    await comment(page).fill('领口脱线')
    await context.setOffline(true)
    await list(page).locator('input[type=file][multiple]').setInputFiles(second)
    await tile(page, 2).waitFor()
    await page.getByText(t('photo.waiting')).first().waitFor()
  })
  await run.step('it is loaded again without a network', async () => {
    await page.reload()
    await page.getByText(t('state.offline')).waitFor()
    await two(page)
    await until('what was written is there', () => comment(page).inputValue(), '领口脱线')
    await run.shot(page, 'weak-reloaded')
    await inspect(page, 'weak reloaded', wrong)
  })
  const other = await context.newPage()
  let arrived = 0
  context.on('response', (one) => {
    if (one.request().method() === 'POST' && /\/v1\/my\/(photos|uploads)$/.test(one.url()) && one.ok()) arrived++
  })
  await run.step('a second tab has it as well, and the network comes back', async () => {
    await other.goto(page.url())
    await two(other)
    await context.setOffline(false)
    await until('the second photo arrives', photosOf, 2)
    for (const tab of [page, other]) {
      await list(tab).locator('svg[role=img]').waitFor({ state: 'detached' })
      await two(tab)
    }
    for (const tab of [page, other])
      await until('every picture is drawn', () => list(tab).locator('img').evaluateAll((all) => all.every((one) => one.naturalWidth)))
    check(arrived === 1, `the photo was sent ${arrived} times`)
  })
  await run.step('what one tab writes the other has', async () => {
    await comment(other).fill('领口脱线，袖口也是')
    await until('the first tab follows', () => comment(page).inputValue(), '领口脱线，袖口也是')
    await tile(page, 2).click()
    await until('the photo is gone', () => tile(other, 2).count(), 0)
    await page.reload()
    await tile(page, 1).waitFor()
    await until('the draft', draft, (one) => one?.comment === '领口脱线，袖口也是')
    await until('one photo', photosOf, 1)
    await run.shot(other, 'weak-second-tab')
  })
  await run.step('sent in one tab, it is over in the other', async () => {
    await page.locator('#refund [data-total]').waitFor()
    await page.getByRole('button', { name: t('apply.submit') }).click()
    await page.getByRole('dialog', { name: t('confirm.title') }).getByRole('button', { name: t('confirm.action') }).click()
    await page.waitForURL(/\/cases\/case_/)
    await other.waitForURL(/\/orders\/ord_/)
    await until('the draft is over', async () => (await draft()) === undefined)
    await run.shot(other, 'weak-sent-elsewhere')
  })
  check(wrong.length === 0, wrong.join('\n'))
}
