// A film is cut off after a part of it was stored, the page is loaded again, and
// it goes on from where the server stands: no stored byte is sent twice, and what
// is kept is what was filmed.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, person, texts } from './browser.mjs'
import { film } from './film.mjs'
import { fillReturn, lookUp, send } from './portal.mjs'

const shirt = '云麦 长绒棉 T 恤 Cotton T-shirt'
const piece = 4 * 1024 * 1024

/** A film of three pieces: what a camera makes, and a Void element of noise that players skip. */
async function long(page, path) {
  await film(page, path)
  const noise = randomBytes(2 * piece + 1000)
  const head = Buffer.alloc(9)
  head[0] = 0xec // Void
  head.writeBigUInt64BE(0x0100000000000000n + BigInt(noise.length), 1)
  writeFileSync(path, Buffer.concat([readFileSync(path), head, noise]))
  return readFileSync(path)
}

export async function walk(browser, run) {
  const t = await texts('zh-CN')
  const me = run.with(await person(browser, run))
  const { page, context } = me
  const path = join(run.photo, '..', 'long.webm')
  const list = page.getByRole('list', { name: shirt, exact: true })
  const tile = list.getByRole('button', { name: t('photo.remove', { count: 2 }) })
  const sent = []
  page.on('request', (one) => one.method() === 'PATCH' && sent.push(one))
  const cdp = await context.newCDPSession(page)
  const pace = (offline, bytes) =>
    cdp.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: bytes })

  const whole = await run.step('a film of several pieces', async () => {
    await lookUp(me, run, t, run.buyers.files_again)
    await page.waitForFunction(() => navigator.serviceWorker.controller)
    await fillReturn(me, run, t, [{ title: shirt, reason: 'defective', photo: run.photo }])
    return long(page, path)
  })
  check(whole.length > 2 * piece, `the film has ${whole.length} bytes`)
  const url = await run.step('it is cut off after the first piece is stored', async () => {
    await cdp.send('Network.enable')
    // A piece takes some seconds: the second one is under way when the network has gone.
    await pace(false, 700_000)
    const stored = page.waitForResponse((one) => one.request().method() === 'PATCH' && one.ok(), { timeout: 60_000 })
    await list.locator('input[type=file][multiple]').setInputFiles(path)
    const first = await stored
    await context.setOffline(true)
    await pace(true, -1)
    check(Number(await first.headerValue('upload-offset')) === piece, 'the first piece is not one piece')
    await page.getByText(t('photo.waiting')).first().waitFor()
    await run.shot(page, 'resume-cut')
    return new URL(first.url()).pathname
  })
  check(sent.some((one) => one.headers()['upload-offset'] === '0'), 'nothing was sent from the beginning')
  await run.step('the page is loaded again without a network', async () => {
    await page.reload()
    await page.getByText(t('state.offline')).waitFor()
    await tile.waitFor()
  })
  await run.step('it goes on where the server stands', async () => {
    sent.length = 0
    const asked = page.waitForResponse((one) => one.request().method() === 'HEAD' && one.url().endsWith(url), { timeout: 60_000 })
    await pace(false, -1)
    await context.setOffline(false)
    const from = Number(await (await asked).headerValue('upload-offset'))
    await list.locator('svg[role=img]').waitFor({ state: 'detached', timeout: 60_000 })
    const offsets = sent.map((one) => Number(one.headers()['upload-offset']))
    let bytes = 0
    for (const one of sent) bytes += Number((await one.allHeaders())['content-length'] ?? 0)
    run.fact('went_on', `${from} of ${whole.length}, pieces at ${offsets}, ${bytes} bytes`)
    check(from >= piece && offsets[0] === from, `the server has ${from}, it goes on at ${offsets}`)
    check(bytes === whole.length - from, `${bytes} bytes were sent, ${whole.length - from} were missing`)
    await run.shot(page, 'resume-arrived')
  })
  await run.step('what is kept is what was filmed', async () => {
    const want = createHash('sha256').update(whole).digest('hex')
    const { file } = await (await page.request.get(url, { headers: { Accept: 'application/json' } })).json()
    check(file.sha256 === want, `the server says ${JSON.stringify(file)}, the film is ${want}`)
    await send(me, run, t)
    const kept = await (await page.request.get(file.url)).body()
    run.fact('kept', kept.length)
    check(createHash('sha256').update(kept).digest('hex') === want, `${kept.length} bytes are kept, not those of the film`)
    await run.shot(page, 'resume-case')
  })
}
