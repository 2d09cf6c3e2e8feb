// One page, as a slow phone on slow 4G loads it: what was transferred, when it
// was painted, and what moved.
const slow = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
}
export const slowdown = 4

/** Notes paints, shifts and how long events took, from the first moment of each page. */
function watch() {
  const seen = { lcp: 0, fcp: 0, cls: 0, events: [] }
  window.seen = seen
  const on = (type, each, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({
      type,
      buffered: true,
      ...more,
    })
  on('largest-contentful-paint', (one) => (seen.lcp = one.startTime))
  on('paint', (one) => one.name === 'first-contentful-paint' && (seen.fcp = one.startTime))
  on('layout-shift', (one) => !one.hadRecentInput && (seen.cls += one.value))
  on('event', (one) => seen.events.push({ name: one.name, ms: one.duration }), {
    durationThreshold: 16,
  })
}

/** A page under the conditions of a slow phone; `sent` counts bytes by kind. */
export async function slowPage(context, url) {
  const page = await context.newPage()
  await page.addInitScript(watch)
  const phone = await context.newCDPSession(page)
  await phone.send('Network.enable')
  await phone.send('Performance.enable')
  await phone.send('Network.emulateNetworkConditions', slow)
  await phone.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const sent = { Script: 0, Stylesheet: 0, Document: 0, all: 0, foreign: 0 }
  const kinds = new Map()
  phone.on('Network.responseReceived', ({ requestId, type, response }) => {
    kinds.set(requestId, response.fromDiskCache ? 'cache' : type)
    if (response.url.startsWith('http') && !response.url.startsWith(url)) sent.foreign++
  })
  phone.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId)
    if (kind === 'cache') return
    if (kind in sent) sent[kind] += encodedDataLength
    sent.all += encodedDataLength
  })
  return {
    page,
    phone,
    sent,
    fast: () =>
      phone.send('Network.emulateNetworkConditions', {
        ...slow,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      }),
  }
}

/** Opens an address and waits until what it is for can be used; `sent` are the bytes until then. */
export async function load({ page, sent }, address, usable) {
  await page.goto(address, { waitUntil: 'commit' })
  await page.locator(usable).first().waitFor()
  const usableAt = await page.evaluate(() => performance.now())
  const needed = { ...sent }
  await page.waitForTimeout(1200)
  const { lcp, fcp, cls } = await page.evaluate(() => window.seen)
  return { usable: usableAt / 1000, lcp: lcp / 1000, fcp: fcp / 1000, cls, sent: needed }
}

/** How long the longest event of an interaction took until the next paint, in ms; under 16 counts as 16. */
export async function interact({ page }, act) {
  await page.evaluate(() => (window.seen.events.length = 0))
  await act()
  await page.waitForTimeout(350)
  return page.evaluate(() => Math.max(16, ...window.seen.events.map((one) => one.ms)))
}
