// What a page waits for until its largest paint: each request with when it began
// and ended and whose answer it waited for, and what kept the processor busy.
// Counts do not change with the load of a machine as times do.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { desk, launch, phone } from '../../web/e2e/browser.mjs'
import { slowPage } from './load.mjs'
import { asCustomer, asStaff, openShop } from './shop.mjs'

const { values } = parseArgs({
  options: {
    binary: { type: 'string', default: 'bin/aftercare' },
    cases: { type: 'string', default: '10000' },
    data: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const chief = { email: 'supervisor@demo.example', password: 'look-around-2026' }
const buyer = { number: 'DX2026-1001', contact: 'lin.xiaowen@example.com' }
const pages = {
  portal: { size: phone, ready: 'form input', sign: async () => '/' },
  'return form': {
    size: phone,
    ready: 'main input[type=checkbox]',
    sign: async (context, url) => `/return/${await asCustomer(context, url, buyer)}`,
  },
  'case list': {
    size: desk,
    ready: '#main a[href*="/console/cases/case_"]',
    sign: async (context, url) => {
      await asStaff(context, url, chief)
      return '/console/cases'
    },
  },
}
const shop = await openShop({ ...values, binary: resolve(values.binary), cases: Number(values.cases) })
const browser = await launch()
try {
  for (const [name, one] of Object.entries(pages)) if (name.includes(values.only)) await trace(name, one)
} finally {
  await browser.close()
  await shop.close()
}

async function trace(name, { size, ready, sign }) {
  const context = await browser.newContext({
    baseURL: shop.url,
    viewport: size,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: size === phone,
  })
  const address = shop.url + (await sign(context, shop.url))
  const { page, phone: wire } = await slowPage(context, shop.url)
  const all = new Map()
  wire.on('Network.requestWillBeSent', ({ requestId, request, timestamp, initiator }) =>
    all.set(requestId, { url: request.url.replace(shop.url, ''), from: timestamp, by: initiator.type }),
  )
  wire.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) =>
    Object.assign(all.get(requestId) ?? {}, { to: timestamp, bytes: encodedDataLength }),
  )
  await page.goto(address, { waitUntil: 'commit' })
  await page.locator(ready).first().waitFor()
  await page.waitForTimeout(2500)
  const { metrics } = await wire.send('Performance.getMetrics')
  const spent = (key) => metrics.find((metric) => metric.name === key)?.value ?? 0
  const { fcp, lcp, what } = await page.evaluate(
    () =>
      new Promise((found) => {
        new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1)
          const box = last.element
          const what = box ? `<${box.tagName.toLowerCase()}> ${(box.textContent ?? '').trim().slice(0, 30)}` : 'gone'
          found({ fcp: window.seen.fcp, lcp: last.startTime, what })
        }).observe({ type: 'largest-contentful-paint', buffered: true })
      }),
  )
  const began = Math.min(...[...all.values()].map((request) => request.from))
  const before = [...all.values()].filter((request) => request.to && (request.from - began) * 1000 < lcp)
  console.log(`\n${name}: first paint ${fcp.toFixed(0)} ms, largest ${lcp.toFixed(0)} ms: ${what}`)
  console.log(
    `  ${before.length} requests, ${(before.reduce((sum, request) => sum + request.bytes, 0) / 1024).toFixed(1)} KB, one after another ${depth(before)}; ` +
      `processor, all ${(spent('TaskDuration') * 1000).toFixed(0)} ms, script ${(spent('ScriptDuration') * 1000).toFixed(0)}, layout and style ${((spent('LayoutDuration') + spent('RecalcStyleDuration')) * 1000).toFixed(0)}`,
  )
  for (const request of [...all.values()].sort((a, b) => a.from - b.from)) {
    const at = (time) => (time ? ((time - began) * 1000).toFixed(0) : '–').padStart(6)
    console.log(`  ${at(request.from)} ${at(request.to)} ${((request.bytes ?? 0) / 1024).toFixed(1).padStart(7)} KB  ${request.url}`)
  }
  await context.close()
}

/** The longest row of requests of which each began after the one before had ended. */
function depth(requests) {
  const sorted = requests.toSorted((a, b) => a.to - b.to)
  const rows = sorted.map(() => 1)
  sorted.forEach((one, i) => {
    for (let j = 0; j < i; j++) if (sorted[j].to <= one.from) rows[i] = Math.max(rows[i], rows[j] + 1)
  })
  return Math.max(0, ...rows)
}
