// Measures the portal and the console in Chromium, at a quarter of the
// processor's speed and on slow 4G (1.6 Mbps, 150 ms): see README.md.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { desk, launch, phone } from '../../web/e2e/browser.mjs'
import { measureConsole } from './console.mjs'
import { report } from './limits.mjs'
import { measurePortal } from './portal.mjs'
import { openShop } from './shop.mjs'

const { values } = parseArgs({
  options: {
    binary: { type: 'string', default: 'bin/aftercare' },
    cases: { type: 'string', default: '10000' },
    times: { type: 'string', default: '5' },
    data: { type: 'string' },
    database: { type: 'string' },
  },
})
const found = {}
const note = (name, value) => (found[name] ??= []).push(value)
const shop = await openShop({
  ...values,
  binary: resolve(values.binary),
  cases: Number(values.cases),
})
const browser = await launch()
let bad = true
try {
  const window = (viewport) =>
    browser.newContext({
      baseURL: shop.url,
      viewport,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      deviceScaleFactor: 1,
      hasTouch: viewport === phone,
    })
  const times = Number(values.times)
  await measurePortal({ url: shop.url, window: () => window(phone), times, note })
  await measureConsole({
    url: shop.url,
    window: () => window(desk),
    times,
    note,
    cases: Number(values.cases),
  })
  console.log(`Chromium ${browser.version()}, processor 4x slower, 1.6 Mbps, 150 ms, ${times} times\n`)
  bad = report(found)
} finally {
  await browser.close()
  await shop.close()
}
process.exitCode = bad ? 1 : 0
