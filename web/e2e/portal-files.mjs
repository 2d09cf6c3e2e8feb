// Photos, a video and a document on a bad network: what was chosen survives the
// loss of the network and a reload, a confirmed request goes out by itself, and
// staff see what was shown, with a picture that was used before.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, check, person, texts } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { film } from './film.mjs'
import { inspect } from './inspect.mjs'
import { fillReturn, lookUp, send } from './portal.mjs'
import { until } from './wait.mjs'

const shirt = '云麦 长绒棉 T 恤 Cotton T-shirt'
const document = '%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n'

export async function walk(browser, run) {
  const wrong = []
  const t = await texts('zh-CN')
  const folder = join(run.photo, '..')
  const me = run.with(await person(browser, run))
  const { page, context } = me
  await run.step('sign in', () => lookUp(me, run, t, run.buyers.files))
  await run.step('the portal can be installed', () => installable(page, context))
  run.fact('film', await film(page, join(folder, 'film.webm')))
  writeFileSync(join(folder, 'invoice.pdf'), document)

  const list = page.getByRole('list', { name: shirt, exact: true })
  const tile = (n) => list.getByRole('button', { name: t('photo.remove', { count: n }) })
  const choose = (...files) => list.getByLabel(new RegExp(`^${t('photo.choose')}`)).setInputFiles(files)
  const arrived = () => list.locator('svg[role=img]').waitFor({ state: 'detached' })
  await run.step('a photo and a document', async () => {
    await fillReturn(me, run, t, [{ title: shirt, reason: 'defective', photo: run.photo }])
    await choose(join(folder, 'invoice.pdf'))
    await tile(2).waitFor()
    await arrived()
  })
  const cdp = await context.newCDPSession(page)
  const gone = { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
  await run.step('a film, and the network goes away', async () => {
    await cdp.send('Network.enable')
    // So slow that it is under way still when the picture was made and the network has gone.
    const slow = { offline: false, latency: 50, downloadThroughput: 2e5, uploadThroughput: 2e4 }
    await cdp.send('Network.emulateNetworkConditions', slow)
    const begun = page.waitForRequest((one) => one.method() === 'PATCH')
    await choose(join(folder, 'film.webm'))
    await tile(3).waitFor()
    // Some of it has arrived when the network goes: that is not sent again.
    const at = (await begun).url()
    const stored = async () => (await (await page.request.get(at, { headers: { Accept: 'application/json' } })).json()).offset
    run.fact('stored', await until('some of the film is stored', stored, (bytes) => bytes > 0))
    await run.shot(page, 'files-slow')
    await context.setOffline(true)
    await cdp.send('Network.emulateNetworkConditions', gone)
    await page.getByText(t('state.offline')).waitFor()
    await page.getByText(t('photo.waiting')).first().waitFor()
    await run.shot(page, 'files-offline')
    await inspect(page, 'files offline', wrong)
  })
  await run.step('a reload without a network loses nothing', async () => {
    await page.reload()
    await page.getByText(t('state.offline')).waitFor()
    await page.getByText(t('queue.drafts', { count: 1 })).waitFor()
    await tile(3).waitFor()
    await run.shot(page, 'files-reloaded-offline')
    await page.emulateMedia({ colorScheme: 'dark' })
    await run.shot(page, 'files-reloaded-offline-dark')
    await inspect(page, 'files reloaded offline', wrong)
    await page.emulateMedia({ colorScheme: 'light' })
  })
  await run.step('with the network it goes on', async () => {
    // It asks how far it had come, and sends what is missing, if anything is.
    const done = page.waitForResponse((one) => /\/v1\/my\/uploads\/[^/]+$/.test(one.url()) && one.ok(), {
      timeout: 60_000,
    })
    const offsets = []
    page.on('request', (one) => one.method() === 'PATCH' && offsets.push(Number(one.headers()['upload-offset'])))
    await cdp.send('Network.emulateNetworkConditions', { ...gone, offline: false })
    await cdp.detach()
    await context.setOffline(false)
    const last = await done
    check((await last.headerValue('tus-resumable')) === '1.0.0', 'the answer is not of the protocol')
    await arrived()
    // Not from the beginning: what had arrived before the connection broke is not sent again.
    run.fact('resumed_at', offsets.join())
    check(!offsets.includes(0), `the film goes on at ${offsets}`)
    await run.shot(page, 'files-arrived')
  })
  const id = await run.step('a request confirmed without a network is sent by itself', async () => {
    await page.locator('#refund [data-total]').waitFor()
    await page.getByRole('button', { name: t('apply.submit') }).click()
    const dialog = page.getByRole('dialog', { name: t('confirm.title') })
    await dialog.waitFor()
    await context.setOffline(true)
    await dialog.getByRole('button', { name: t('confirm.action') }).click()
    await page.getByText(t('queue.waiting', { count: 1 })).waitFor()
    await run.shot(page, 'files-queued', false)
    await inspect(page, 'files queued', wrong)
    await context.setOffline(false)
    await page.waitForURL(/\/cases\/case_/)
    await page.getByRole('heading', { name: t('case.items'), exact: true }).waitFor()
    await page.locator('video').first().waitFor()
    await run.shot(page, 'files-case')
    await inspect(page, 'files case', wrong)
    return new URL(page.url()).pathname.split('/').pop()
  })
  const drafts = () => page.evaluate(() => Object.keys(localStorage).filter((key) => /draft|outbox/.test(key)))
  const answers = () => page.evaluate(async () => (await (await caches.open('aftercare-drafts')).keys()).map((one) => new URL(one.url).pathname))
  await until('a draft is left', drafts, (all) => all.length === 0)
  await until('an order is left in the cache', answers, (all) => !all.some((path) => path.includes('orders')))
  await run.step('the picture is used again', async () => {
    const other = run.with(await person(browser, run))
    await lookUp(other, run, t, run.buyers.files_again)
    await fillReturn(other, run, t, [{ title: shirt, reason: 'defective', photo: run.photo }])
    const again = await send(other, run, t)
    const files = async () => (await call(run, run.key, 'GET', `/v1/cases/${again}/files`)).items
    await until('it is seen again', files, (items) => items[0].alike.some((one) => one.case === id))
    run.fact('again', again)
  })
  await run.step('staff see what was shown', () => seen(browser, run, id, wrong))
  check(wrong.length === 0, wrong.join('\n'))
}

/** What Chromium says against installing the portal, without a signature of ours. */
async function installable(page, context) {
  await page.waitForFunction(() => navigator.serviceWorker.controller)
  const cdp = await context.newCDPSession(page)
  const { url, errors } = await cdp.send('Page.getAppManifest')
  check(url.endsWith('/v1/shop/manifest') && errors.length === 0, `the manifest: ${url} ${JSON.stringify(errors)}`)
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
  const against = installabilityErrors.filter((one) => one.errorId !== 'in-incognito')
  check(against.length === 0, `it cannot be installed: ${JSON.stringify(against)}`)
  await cdp.detach()
}

async function seen(browser, run, id, wrong) {
  for (const [language, dark] of [
    ['zh-CN', false],
    ['en', true],
  ]) {
    const staff = run.with(await signIn(browser, run, 'agent', { language, dark }))
    const { page, t } = staff
    await open(staff, id)
    const files = page.getByRole('region', { name: t('files.title') })
    await files.locator('video').waitFor()
    await files
      .getByText(/SHA-256/)
      .first()
      .waitFor()
    await files
      .getByText(t('files.same'))
      .or(files.getByText(t('files.alike')))
      .first()
      .waitFor()
    await files.scrollIntoViewIfNeeded()
    await run.shot(page, `files-console-${language}`)
    await inspect(page, `files console ${language}`, wrong)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      files.getByRole('link', { name: t('photo.open', { count: 2 }) }).click(),
    ])
    check(download.suggestedFilename().endsWith('.pdf'), `downloaded as ${download.suggestedFilename()}`)
  }
}
