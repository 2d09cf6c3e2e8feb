// The portal: where a customer begins, once more, and the form of a return.
import { KB } from './limits.mjs'
import { interact, load, slowPage } from './load.mjs'
import { asCustomer } from './shop.mjs'

const lookup = 'input[name="order_number"], form input'
const buyer = { number: 'DX2026-1001', contact: 'lin.xiaowen@example.com' }

export async function measurePortal({ url, window, times, note }) {
  for (let time = 0; time < times; time++) {
    const context = await window()
    for (const visit of ['first visit', 'again']) {
      const one = await slowPage(context, url)
      const seen = await load(one, `${url}/`, lookup)
      note(`portal, ${visit}: JS`, seen.sent.Script / KB)
      note(`portal, ${visit}: CSS`, seen.sent.Stylesheet / KB)
      note(`portal, ${visit}: HTML`, seen.sent.Document / KB)
      note(`portal, ${visit}: all`, seen.sent.all / KB)
      note(`portal, ${visit}: FCP`, seen.fcp)
      note(`portal, ${visit}: LCP`, seen.lcp)
      note(`portal, ${visit}: CLS`, seen.cls)
      note(`portal, ${visit}: form usable`, seen.usable)
      note('requests to other origins', one.sent.foreign)
      await one.page.close()
    }
    await context.close()
    await returnForm(await window(), url, note)
  }
}

/** The form of a return by somebody who follows a link for the first time. */
async function returnForm(context, url, note) {
  const order = await asCustomer(context, url, buyer)
  const one = await slowPage(context, url)
  const seen = await load(one, `${url}/return/${order}`, 'main input[type=checkbox]')
  note('portal, return form: LCP', seen.lcp)
  note('portal, return form: form usable', seen.usable)
  const { page } = one
  const article = page.locator('main input[type=checkbox]:enabled').first()
  note('portal, return form: choose an article', await interact(one, () => article.click({ force: true })))
  const why = page.locator('main [role=radiogroup] input[type=radio]').first()
  await why.waitFor({ state: 'attached' })
  const answer = async () => {
    await why.focus()
    await page.keyboard.press('ArrowDown')
  }
  note('portal, return form: answer why', await interact(one, answer))
  note('portal, return form: CLS', await page.evaluate(() => window.seen.cls))
  await context.close()
}
