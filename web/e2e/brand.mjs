// An administrator gives the shop its looks; customers see them on their pages,
// in both schemes, and in their e-mails.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { call, check, desk, mail, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { until } from './wait.mjs'

const looks = [
  { language: 'en', dark: false },
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
]

export async function walk(browser, run) {
  const wrong = []
  for (const look of looks) {
    const me = run.with(await signIn(browser, run, 'administrator', look))
    const now = { run, wrong, page: me.page, t: await texts(look.language), first: look === looks[0], ...look }
    await run.step(`the look in ${look.language}`, () => settings(now))
    await me.context.close()
  }
  for (const look of [...looks, { language: 'ar', dark: true }]) {
    await run.step(`customers see it in ${look.language}`, () => portal(browser, run, wrong, look))
  }
  await run.step('it is at home at a domain of its own', () => domain(browser, run, wrong))
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** A field that may stay empty: its name goes on after the label. */
const box = (page, name) => page.getByRole('textbox', { name: new RegExp(`^${name}`) })

async function settings({ run, page, t, wrong, language, first }) {
  await page.goto('/console/brand')
  await page.getByRole('heading', { name: t('nav.brand'), level: 1 }).waitFor()
  if (first) await page.getByText(t('brand.no_links')).waitFor()
  const accent = page.getByLabel(t('brand.accent'), { exact: true })
  await accent.fill('#ffd54f')
  await page.getByText(t('brand.pale', { contrast: 1.41 })).waitFor()
  await inspect(page, `a pale colour, ${language}`, wrong)
  await page.getByRole('button', { name: /^(Take|改用) #/ }).click()
  await page.getByText(t('brand.pale', { contrast: 1.41 })).waitFor({ state: 'hidden' })
  await accent.fill('#0a7d55')
  await box(page, t('brand.title')).fill(`Silk & Stone ${language}`)
  await box(page, t('brand.intro')).fill('Thirty days, for any reason. <b>Free</b> of charge.')
  if (first) {
    await page.getByRole('button', { name: t('brand.add'), exact: true }).click()
    const address = page.getByLabel(t('brand.url'), { exact: true })
    await address.fill('javascript:alert(1)')
    await page.getByRole('button', { name: t('act.save'), exact: true }).click()
    await page.getByText(t('brand.bad_url')).waitFor()
    await address.fill('https://silk.example/terms')
    const files = page.locator('input[type=file]')
    await files.first().setInputFiles(run.photo)
    await page.getByRole('img', { name: t('brand.logo'), exact: true }).waitFor()
    await files.nth(1).setInputFiles(run.photo) // not a square
    await page.getByText(t('problem.brand.picture')).waitFor()
    await files.nth(1).setInputFiles({ name: 'icon.png', mimeType: 'image/png', buffer: await square(page) })
    await page.getByRole('img', { name: t('brand.icon'), exact: true }).waitFor()
  }
  // The pictures were saved with the same words.
  const saved = page.waitForResponse((one) => one.request().method() === 'PUT' && one.url().endsWith('/v1/shop/brand'))
  await page.getByRole('button', { name: t('act.save'), exact: true }).click()
  check((await saved).ok(), 'the look is saved')
  await page.getByText(t('brand.saved')).first().waitFor()
  await page.reload()
  await until('the colour is kept', () => accent.inputValue(), '#0a7d55')
  await page.getByText(t('brand.chosen')).nth(1).waitFor()
  await inspect(page, `the look, ${language}`, wrong)
  await sideways(page, narrow, desk, `the look, ${language}`, wrong)
  await run.shot(page, `brand-console-${language}`)
}

const coloured = (page) =>
  until('the accent', () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()), '#0a7d55')

/** A square picture, drawn by the browser. */
async function square(page) {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 256, height: 256 })
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#0a7d55'
    pen.fillRect(32, 32, 192, 192)
    return canvas.toDataURL('image/png')
  })
  return Buffer.from(url.split(',')[1], 'base64')
}

async function portal(browser, run, wrong, { language, dark }) {
  const me = run.with(await person(browser, run, { language, dark, viewport: phone }))
  const { page } = me
  await page.goto('/')
  await page.getByRole('img').first().waitFor()
  const title = language === 'ar' ? (await texts('ar'))('lookup.title') : `Silk & Stone ${language}`
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  const links = page.getByRole('contentinfo').getByRole('link')
  await links.first().waitFor()
  await until('the link leads to the terms', () => links.first().getAttribute('href'), 'https://silk.example/terms')
  await until('the icon of the tab', () => page.getAttribute('link[rel=icon]', 'href'), (at) => /^\/v1\/shop\/pictures\/\w+\.png\?side=192$/.test(at))
  await coloured(page)
  await inspect(page, `the branded portal, ${language}`, wrong)
  await sideways(page, narrow, phone, `the branded portal, ${language}`, wrong)
  await run.shot(page, `brand-portal-${language}`)
  if (language === 'en') {
    const t = await texts('en')
    const { number, contact } = run.buyers.english
    await page.getByLabel(t('lookup.order'), { exact: true }).fill(number)
    await page.getByLabel(t('lookup.contact'), { exact: true }).fill(contact)
    await page.getByRole('button', { name: t('lookup.send'), exact: true }).click()
    const letter = await mail(run, contact)
    check(letter.html.includes('/v1/shop/pictures/'), `the logo is not in the e-mail: ${letter.html}`)
  }
  await me.context.close()
}

/** An administrator says where the shop is at home; the slip leads there from then on. */
async function home(browser, run, wrong, own) {
  const me = run.with(await signIn(browser, run, 'administrator', { language: 'en' }))
  const { page, t } = me
  await page.goto('/console/settings')
  const field = box(page, t('settings.host'))
  await field.fill(`${own.origin}/returns`)
  const save = page.getByRole('button', { name: t('act.save'), exact: true })
  await save.click()
  await page.getByText(t('settings.bad.host')).waitFor()
  check((await field.getAttribute('aria-invalid')) === 'true', 'the host is not marked')
  await inspect(page, 'a host that is none', wrong)
  await field.fill(`http://${own.hostname}/`)
  await save.click()
  await page.getByText(t('settings.saved')).first().waitFor()
  check((await field.inputValue()) === own.hostname, `the host is ${await field.inputValue()}`)
  await inspect(page, 'the host', wrong)
  await run.shot(page, 'brand-host')
  await page.goto('/console/widget')
  await page.getByText(`src="${own.origin}/widget.js"`).waitFor()
  await page.goto('/console/brand')
  await until('the look leads to the page of customers', () => page.getByRole('link', { name: t('brand.open'), exact: true }).getAttribute('href'), `${own.origin}/`)
  const slip = await me.context.request.get(`${run.url}/v1/shop/qr.png?order=A1`)
  const [{ text } = {}] = await scanned(await slip.body())
  check(text === `${own.origin}/?order=A1`, `the slip leads to ${text}`)
  await me.context.close()
}

/** What a scanner reads from a picture. */
async function scanned(picture) {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  await prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer }, fireImmediately: true })
  return readBarcodes(new Blob([picture]), { formats: ['QRCode'] })
}

/** What is written to customers leads to the shop's own domain, which knows them from then on. */
async function domain(browser, run, wrong) {
  const own = new URL(run.url)
  own.hostname = 'silk.localhost' // names below localhost are this machine
  await home(browser, run, wrong, own)
  const { number, contact } = run.buyers.english
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${number}`)
  const wish = { order: items[0].id, language: 'en', items: [{ line: 1, quantity: 1, reason: 'not_as_described' }] }
  const made = await call(run, run.key, 'POST', '/v1/cases', wish)
  const letter = await mail(run, contact, made.number)
  const [link] = letter.text.match(/https?:\/\/\S+\/link\/\S+/) ?? []
  check(link?.startsWith(own.origin), `the letter leads to ${link}`)
  check(letter.html.includes(`${own.origin}/v1/shop/pictures/`), 'the logo is not from there')
  const me = run.with(await person(browser, { ...run, url: own.origin }, { language: 'en' }))
  const { page } = me
  await page.goto(link)
  await page.waitForURL(new RegExp(`^${own.origin}/cases/${made.id}`))
  await page.getByText(made.number, { exact: true }).first().waitFor()
  await page.reload()
  await page.getByText(made.number, { exact: true }).first().waitFor()
  await coloured(page)
  const elsewhere = await me.context.request.get(`${run.url}/v1/my/cases/${made.id}`)
  check(elsewhere.status() === 401, `another host answers ${elsewhere.status()}`)
  await inspect(page, 'at its own domain', wrong)
  await run.shot(page, 'brand-domain')
  await me.context.close()
}
