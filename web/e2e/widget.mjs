// The portal inside a shop's own site: included by one line, under a strict policy
// of the site, signed in by a code or by the site, with a keyboard, in both
// schemes, and not at all on a site that the shop does not list.
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { call, check, desk, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { codeFrom, sent } from './portal.mjs'
import { leaving, neverFramed } from './widget-out.mjs'
import { until } from './wait.mjs'

const headphones = '声悦 X2 降噪耳机 SoundJoy X2'

const looks = [
  { language: 'en', label: 'Returns & help', viewport: desk, dark: false },
  { language: 'zh-CN', label: '退换与售后', viewport: phone, dark: false },
  { language: 'zh-TW', label: '退換貨與售後', viewport: phone, dark: true },
  { language: 'ar', label: 'الإرجاع والمساعدة', viewport: phone, dark: false },
  { language: 'ar', label: 'الإرجاع والمساعدة', viewport: desk, dark: true },
]

/** A shop's site, which allows as little as the guide says it needs to. */
async function site(portal) {
  const page = (language, attributes) => `<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Silk</title><link rel="stylesheet" href="/site.css"><script src="/site.js"></script></head>
<body><main><h1>Silk</h1><p>Scarves, shawls and more.</p><button id="returns" data-order="E2E-1041">Send back</button></main>
<script src="${portal}/widget.js" defer ${attributes}></script></body></html>`
  const files = {
    '/site.css': ['text/css', 'body{margin:0;color-scheme:light dark;font:16px sans-serif}main{padding:24px;min-height:1600px}button{font-size:20px;transform:rotate(1deg)}'],
    '/site.js': ['text/javascript', 'window.before=Object.keys(window);window.shift=[];new PerformanceObserver(l=>{for(const e of l.getEntries())if(!e.hadRecentInput)window.shift.push(`${e.value} ${e.sources.map(s=>s.node?.nodeName)}`)}).observe({type:"layout-shift",buffered:true})'],
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://site')
    const frames = url.searchParams.getAll('of').map((one) => `<iframe src="${one}"></iframe>`).join('')
    if (url.pathname === '/frames') files[url.pathname] = ['text/html', `<!doctype html><title>Frames</title>${frames}`]
    const [type, body] = files[url.pathname] ?? ['text/html', page(url.searchParams.get('lang') ?? 'en', url.pathname === '/own' ? 'data-launcher="#returns"' : '')]
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': `default-src 'none'; script-src 'self' ${portal}; style-src 'self'; frame-src ${portal}; require-trusted-types-for 'script'`,
      'Permissions-Policy': `camera=(self "${portal}")`,
    })
    response.end(body)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return server
}

/** A visitor of a site; what the browser says of the site and of the frame is noted. */
async function visitor(browser, run, look) {
  const me = await person(browser, { ...run, url: run.site }, look)
  const inside = me.page.frameLocator('aftercare-widget iframe')
  // The panel opens by a click outside of the frame, so a dialog inside may not take the focus by an attribute; it does by itself.
  me.faults.push = function push(...said) {
    // The frame's own requests go to the portal: that is what a frame is for.
    return Array.prototype.push.apply(this, said.filter((one) => one !== `request to ${new URL(run.url).origin}` && !one.startsWith('Blocked autofocusing')))
  }
  return { ...me, inside, dialog: me.page.locator('aftercare-widget dialog'), button: me.page.locator('aftercare-widget .b') }
}

export async function walk(browser, run) {
  const server = await site(run.url)
  const { port } = server.address()
  run = Object.assign(run, { site: `http://silk.localhost:${port}`, other: `http://other.localhost:${port}` })
  const wrong = []
  try {
    for (const language of ['en', 'zh-CN', 'zh-TW'])
      await run.step(`the administrator lists the site in ${language}`, () => settings(browser, run, language, wrong))
    await run.step('a site that is not listed shows nothing', () => stranger(browser, run, wrong))
    for (const look of looks)
      await run.step(`${look.language} at ${look.viewport.width} px`, () => show(browser, run, look, wrong))
    await run.step('a return inside the frame', () => wholeReturn(browser, run, wrong))
    await run.step('the site signs its customers in', () => tokens(browser, run))
    await run.step('a browser that keeps no cookie in frames', () => cookieless(browser, run, wrong))
  } finally {
    server.close()
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** What leaves the frame, and what may never be in one. */
export async function walkOut(browser, run) {
  const server = await site(run.url)
  run = Object.assign(run, { site: `http://silk.localhost:${server.address().port}` })
  const wrong = []
  try {
    await call(run, run.key, 'PUT', '/v1/shop/widget', { origins: [run.site] }, { 'If-Match': '*' })
    await run.step('what leaves the frame', () => leaving(visitor, lookUp, browser, run, wrong))
    await run.step('other pages are never inside a site', () => neverFramed(browser, run))
  } finally {
    server.close()
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function settings(browser, run, language, wrong) {
  const me = run.with(await signIn(browser, run, 'administrator', { language, dark: language === 'zh-TW' }))
  const { page, t } = me
  await page.goto('/console/widget')
  await page.getByRole('heading', { name: t('nav.widget'), level: 1 }).waitFor()
  if (language === 'en') {
    await page.getByText(t('widget.none')).waitFor()
    await page.getByText(t('widget.code_wait')).waitFor()
    await page.getByRole('button', { name: t('widget.add'), exact: true }).click()
    const field = page.getByLabel(t('widget.site'), { exact: true })
    await field.fill('http://silk.example/shop')
    await page.getByRole('button', { name: t('act.save'), exact: true }).click()
    await page.getByText(t('widget.bad_site')).waitFor()
    await inspect(page, 'a wrong site', wrong)
    await field.fill(`${run.site}/`)
    await page.getByRole('button', { name: t('act.save'), exact: true }).click()
    await page.getByText(t('widget.saved')).first().waitFor()
    await until('the site is kept as browsers write it', () => field.inputValue(), run.site)
  }
  await page.getByLabel(t('widget.opens'), { exact: true }).selectOption('own')
  await page.getByText('data-launcher="#returns"').waitFor()
  await until('the code names the portal', () => page.getByText('<script src=').textContent(), (code) => code.includes(`src="${run.url}/widget.js"`))
  await inspect(page, `the widget in the console, ${language}`, wrong)
  await sideways(page, phone, desk, `the widget in the console, ${language}`, wrong)
  await run.shot(page, `widget-console-${language}`)
  await me.context.close()
}

async function stranger(browser, run, wrong) {
  const { page, context, dialog, button } = await visitor(browser, run, { language: 'en', viewport: phone })
  await page.goto(run.other)
  await button.click()
  const link = dialog.getByRole('link', { name: 'Open in a new tab' })
  await link.waitFor()
  await until('the portal itself can be opened', () => link.getAttribute('href'), `${run.url}/?lang=en`)
  check((await page.frames().find((one) => one !== page.mainFrame())?.evaluate(() => document.querySelector('#app') !== null).catch(() => false)) !== true, 'nothing of the portal is shown')
  await inspect(page, 'a site that is not listed', wrong)
  await run.shot(page, 'widget-not-listed', false)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await context.close()
}

async function show(browser, run, look, wrong) {
  const me = run.with(await visitor(browser, run, look))
  const { page, inside, dialog, button, context } = me
  const t = await texts(look.language)
  const name = `widget-${look.language}-${look.viewport.width}-${look.dark ? 'dark' : 'light'}`
  await page.goto(`${run.site}/?lang=${look.language}`)
  await page.getByRole('button', { name: look.label, exact: true }).waitFor()
  const globals = await page.evaluate(() => Object.keys(window).filter((one) => !window.before.includes(one)).sort())
  check(globals.join() === 'Aftercare,before,shift', `one global, and what this site counts with: ${globals}`)
  await run.shot(page, `${name}-closed`, false)
  await inspect(page, `${name} closed`, wrong)
  await button.focus()
  await page.keyboard.press('Enter')
  await inside.getByRole('heading', { level: 1 }).waitFor()
  await dialog.locator('.w').waitFor({ state: 'hidden' })
  await until(`the portal speaks ${look.language}`, () => inside.locator('html').getAttribute('lang'), look.language)
  await until('the portal has the scheme', () => inside.locator('html').getAttribute('class'), (names) => names.includes(look.dark ? 'dark' : 'light'))
  const box = await dialog.boundingBox()
  const { width, height } = look.viewport
  if (width < 640) check(box.width === width && Math.abs(box.y + box.height - height) < 2, `a sheet on phones: ${JSON.stringify(box)}`)
  else check(box.width === 420 && (look.language === 'ar' ? box.x === 20 : box.x + box.width === width - 20), `a panel: ${JSON.stringify(box)}`)
  await inspect(page, `${name} open`, wrong)
  const frame = page.frames().find((one) => one.url().startsWith(run.url))
  await inspect(frame, `${name} inside`, wrong)
  check((await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name}: the page inside is too wide`)
  await run.shot(page, `${name}-open`, false)
  await inside.getByRole('button', { name: t('act.close'), exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await until('the focus is back at the button', () => button.evaluate((one) => one.getRootNode().activeElement === one))
  const moved = await page.evaluate(() => window.shift)
  check(!moved.length, `something moved: ${moved}`)
  await context.close()
}

/** Looks an order up inside the frame. */
async function lookUp(me, run, t, order) {
  const { page, inside } = me
  await inside.getByLabel(t('lookup.order'), { exact: true }).fill(order.number)
  await inside.getByLabel(t('lookup.contact'), { exact: true }).fill(order.contact)
  const before = await sent(run, order.contact, me.language)
  await inside.getByRole('button', { name: t('lookup.send') }).click()
  const code = await codeFrom(run, order.contact, me.language, before)
  await inside.getByLabel(t('code.label'), { exact: true }).fill(code)
  await inside.getByRole('heading', { name: t('order.items'), exact: true }).waitFor()
  check(new URL(page.url()).origin === run.site, 'the site is still there')
}

async function wholeReturn(browser, run, wrong) {
  const me = run.with(await visitor(browser, run, { language: 'en', viewport: desk }))
  const { page, inside, dialog, context } = me
  const t = await texts('en')
  await page.goto(`${run.site}/own`)
  const own = page.getByRole('button', { name: 'Send back' })
  await own.click()
  await inside.getByRole('heading', { level: 1 }).waitFor()
  await until('the element names the order', () => inside.getByLabel(t('lookup.order'), { exact: true }).inputValue(), run.buyers.widget.number)
  await lookUp(me, run, t, run.buyers.widget)
  const kept = (await context.cookies(run.url)).concat(await context.cookies())
  const cookie = kept.find((one) => one.name === '__Host-aftercare_frame')
  check(cookie?.httpOnly && cookie.secure && cookie.sameSite === 'None' && !kept.some((one) => one.name === 'aftercare_customer'), `the cookie: ${JSON.stringify(kept)}`)

  await inside.getByRole('link', { name: t('order.start'), exact: true }).click()
  const lines = inside.getByRole('group', { name: headphones, exact: true })
  await lines.getByRole('checkbox').setChecked(true, { force: true })
  await lines.locator('label:has(input[type=radio][value="defective"])').click()
  const photos = inside.getByRole('list', { name: headphones, exact: true })
  await photos.locator('input[type=file][multiple]').setInputFiles(run.photo)
  await photos.getByRole('button', { name: t('photo.remove', { count: 1 }) }).waitFor()
  await photos.getByLabel(t('photo.sending')).waitFor({ state: 'detached' })
  await inspect(page.frames().find((one) => one.url().startsWith(run.url)), 'a return inside', wrong)
  await run.shot(page, 'widget-return', false)

  // Escape inside the frame closes the panel; what was filled in stays. Whoever is signed in is so still when the site is loaded
  // again; drafts then are only where the browser lets a frame keep something, which it does not do in a private window.
  await inside.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await until('the focus is back where it was', () => own.evaluate((one) => document.activeElement === one))
  await page.evaluate(() => window.Aftercare.open())
  await until('opened again, the draft is there', () => lines.locator('input[value=defective]').isChecked())
  await page.reload()
  await page.evaluate(() => new Promise((done) => (window.Aftercare.on('ready', done), window.Aftercare.open({ order: 'E2E-1041' }))))
  await inside.getByRole('heading', { name: t('order.items'), exact: true }).waitFor()
  await inside.getByRole('link', { name: t('order.start'), exact: true }).click()
  await lines.getByRole('checkbox').setChecked(true, { force: true })
  await lines.locator('label:has(input[type=radio][value="no_longer_needed"])').click()
  await inside.locator('#refund [data-total]').waitFor()

  // The portal by itself has another session, and its worker leaves the frame alone.
  const alone = await context.newPage()
  await alone.goto(`${run.url}/orders`)
  await alone.getByLabel(t('lookup.order'), { exact: true }).waitFor()
  await alone.goto(`${run.url}/widget/orders`)
  await alone.waitForURL((url) => !url.pathname.startsWith('/widget'))
  await alone.close()

  await inside.getByRole('button', { name: t('apply.submit') }).click()
  await inside.getByRole('dialog', { name: t('confirm.title') }).getByRole('button', { name: t('confirm.action') }).click()
  await inside.getByRole('heading', { name: t('case.items'), exact: true }).waitFor()
  await run.shot(page, 'widget-case', false)
  await context.close()
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as the shop's own server makes it. */
function sign(key, claims) {
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid: key.id })}.${part({ exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`
  return `${text}.${createHmac('sha256', key.secret).update(text).digest('base64url')}`
}

async function tokens(browser, run) {
  const me = run.with(await visitor(browser, run, { language: 'zh-CN', viewport: phone }))
  const { page, inside, context } = me
  const t = await texts('zh-CN')
  const key = await call(run, run.key, 'POST', '/v1/shop/keys', { name: 'site' })
  const [first, second] = ['widget', 'widget_two'].map((who) => sign(key, { order: run.buyers[who].number }))
  const open = async (token) => {
    await page.goto(`${run.site}/?lang=zh-CN`)
    await page.evaluate((given) => (window.Aftercare.token(() => given), window.Aftercare.open()), token)
    await inside.getByRole('heading', { level: 1 }).waitFor()
  }
  await open(first)
  await inside.getByRole('heading', { name: t('order.items'), exact: true }).waitFor()
  await inside.getByText(run.buyers.widget.number).first().waitFor()
  await open(second)
  await inside.getByText(run.buyers.widget_two.number).first().waitFor()
  check((await inside.getByText(run.buyers.widget.number).count()) === 0, 'another customer of the site sees his own orders only')
  await page.evaluate(() => window.Aftercare.signOut())
  await inside.getByLabel(t('lookup.order'), { exact: true }).waitFor()
  await open('')
  await inside.getByLabel(t('lookup.order'), { exact: true }).waitFor()
  await open(`${second.slice(0, -4)}AAAA`)
  await inside.getByLabel(t('lookup.order'), { exact: true }).waitFor()
  await context.close()
}

/** What a browser does that refuses cookies of other sites. */
async function cookieless(browser, run, wrong) {
  const me = run.with(await visitor(browser, run, { language: 'en', viewport: phone }))
  const { page, inside, button, context } = me
  await context.addInitScript(() => {
    if (window.self !== window.top) Object.defineProperty(document, 'cookie', { get: () => '', set: () => {} })
  })
  await page.goto(run.site)
  await button.click()
  const link = inside.getByRole('alert').getByRole('link', { name: 'Open in a new tab' })
  await link.waitFor()
  check((await link.getAttribute('href')) === '/', 'it goes on by itself')
  await inspect(page.frames().find((one) => one.url().startsWith(run.url)), 'no cookies', wrong)
  await run.shot(page, 'widget-cookieless', false)
  await context.close()
}
