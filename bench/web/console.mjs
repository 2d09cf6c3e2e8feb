// The console: the sign-in, the list, and a day's work in a list of which
// every case is loaded.
import { KB, median } from './limits.mjs'
import { interact, load, slowPage } from './load.mjs'
import { asStaff } from './shop.mjs'

const chief = { email: 'supervisor@demo.example', password: 'look-around-2026' }
const row = '#main a[href*="/console/cases/case_"]'

export async function measureConsole({ url, window, times, note, cases }) {
  for (let time = 0; time < times; time++) {
    const stranger = await window()
    const door = await slowPage(stranger, url)
    const seen = await load(door, `${url}/console/`, 'input[type=password]')
    note('console, first visit: FCP', seen.fcp)
    note('console, first visit: LCP', seen.lcp)
    note('console, first visit: CLS', seen.cls)
    note('console, first visit: form usable', seen.usable)
    note('requests to other origins', door.sent.foreign)
    await stranger.close()
    const context = await window()
    await asStaff(context, url, chief)
    const first = await slowPage(context, url)
    const list = await load(first, `${url}/console/cases`, row)
    note('console, first visit: JS', list.sent.Script / KB)
    note('console, first visit: CSS', list.sent.Stylesheet / KB)
    note('console, first visit: HTML', list.sent.Document / KB)
    note('console, list: LCP', list.lcp)
    note('console, list: CLS', list.cls)
    await first.page.close()
    const again = await slowPage(context, url)
    note('console, list again: LCP', (await load(again, `${url}/console/cases`, row)).lcp)
    await context.close()
  }
  const context = await window()
  await asStaff(context, url, chief)
  await work(await slowPage(context, url), url, times, note, cases)
  await context.close()
}

/** Loads the whole list, page by page, and works in it. */
async function work(one, url, times, note, cases) {
  const { page, phone, fast } = one
  await load(one, `${url}/console/cases`, row)
  await fast()
  await phone.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  note('console, all loaded: cases', await everything(page, cases))
  await phone.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.evaluate(() => (window.seen.cls = 0))
  for (let time = 0; time < times; time++) {
    const presses = []
    for (let press = 0; press < 10; press++) presses.push(await interact(one, () => page.keyboard.press('j')))
    note('console, all loaded: j', median(presses))
    note('console, all loaded: open a case', await interact(one, () => page.keyboard.press('Enter')))
    await page.keyboard.press('u')
    await page.waitForTimeout(300)
    await page.keyboard.press('j')
    const began = await page.evaluate(() => performance.now())
    await page.keyboard.press('Enter')
    await page.locator('#main header h1').waitFor()
    note('console, all loaded: case readable', ((await page.evaluate(() => performance.now())) - began) / 1000)
    await page.keyboard.press('u')
    await page.waitForTimeout(200)
    const tabs = page.locator('#main button[aria-pressed]')
    note('console, all loaded: choose a filter', await interact(one, () => tabs.nth(1 + (time % 2)).click()))
    await tabs.first().click()
    await page.waitForTimeout(300)
  }
  note('console, all loaded: CLS', await page.evaluate(() => window.seen.cls))
  note('console, all loaded: DOM nodes', await page.evaluate(() => document.querySelectorAll('*').length))
  await phone.send('HeapProfiler.collectGarbage')
  const { metrics } = await phone.send('Performance.getMetrics')
  note('console, all loaded: heap', metrics.find((one) => one.name === 'JSHeapUsedSize').value / 1e6)
}

/** Scrolls to the end of the list until no more comes, and answers how many cases it holds. */
async function everything(page, cases) {
  const height = () =>
    page.evaluate((selector) => {
      let box = document.querySelector(selector)
      while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement
      box?.scrollTo(0, box.scrollHeight)
      return box?.scrollHeight ?? 0
    }, row)
  let before = 0
  let still = 0
  for (let turn = 0; turn < 20 * (cases / 50) && still < 25; turn++) {
    const now = await height()
    still = now === before ? still + 1 : 0
    before = now
    await page.waitForTimeout(60)
  }
  const tall = await page.evaluate((selector) => document.querySelector(selector).getBoundingClientRect().height, row)
  await page.evaluate((selector) => {
    let box = document.querySelector(selector)
    while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement
    box?.scrollTo(0, 0)
  }, row)
  await page.waitForTimeout(300)
  return Math.floor(before / Math.max(1, tall))
}
