// A whole return on the phone, counted: at most four taps after the order is
// shown, in three languages and both colour schemes.
import { check, person, texts } from './browser.mjs'
import { inspect } from './inspect.mjs'
import { lookUp } from './portal.mjs'

const shirt = '云麦 长绒棉 T 恤 Cotton T-shirt'
const people = [
  { buyer: 'taps_cn', language: 'zh-CN', dark: false },
  { buyer: 'taps_tw', language: 'zh-TW', dark: true },
  { buyer: 'taps_en', language: 'en', dark: false },
]

export async function walk(browser, run) {
  const wrong = []
  for (const { buyer, language, dark } of people) {
    const t = await texts(language)
    const me = run.with(await person(browser, run, { language, dark }))
    const { page, context } = me
    await context.addInitScript(() => {
      addEventListener(
        'pointerdown',
        (event) => {
          if (event.isTrusted) sessionStorage.setItem('taps', String(Number(sessionStorage.getItem('taps') ?? 0) + 1))
        },
        true,
      )
    })
    await run.step(`${language}: sign in`, () => lookUp(me, run, t, run.buyers[buyer]))
    await page.evaluate(() => sessionStorage.setItem('taps', '0'))
    const name = `taps-${language}-${dark ? 'dark' : 'light'}`
    await run.shot(page, `${name}-order`)
    await inspect(page, `${name} order`, wrong)
    const began = performance.now()
    await run.step(`${language}: four taps`, async () => {
      await page.getByRole('link', { name: `${t('order.start_line')}: ${shirt}`, exact: true }).tap()
      await page.waitForURL(/\/return\/ord_/)
      const group = page.getByRole('group', { name: shirt, exact: true })
      await group.locator('label', { has: page.locator('input[value=no_longer_needed]') }).tap()
      await page.locator('#refund [data-total]').waitFor()
      await page.getByRole('button', { name: t('apply.submit') }).tap()
      const dialog = page.getByRole('dialog', { name: t('confirm.title') })
      await dialog.getByRole('button', { name: t('confirm.action') }).tap()
      await page.waitForURL(/\/cases\/case_/)
      await page.getByRole('heading', { name: t('case.items'), exact: true }).waitFor()
    })
    const seconds = (performance.now() - began) / 1000
    const taps = Number(await page.evaluate(() => sessionStorage.getItem('taps')))
    run.fact(`taps ${language}`, taps)
    run.fact(`seconds ${language}`, seconds.toFixed(1))
    check(taps <= 4, `${language}: a return took ${taps} taps`)
    await run.shot(page, `${name}-case`)
    await page.goBack()
    await inspect(page, `${name} case`, wrong)
  }
  check(wrong.length === 0, wrong.join('\n'))
}
