// Every route of the console and of the portal as somebody sees it who needs it
// larger: at 400 % and 200 % of a window of 1280×1024, with the text spacing that
// WCAG 1.4.12 names, with the Tab key only, and without motion. What is looked at
// is in zoom-page.mjs; docs/accessibility.md says what that covers.
import { readFileSync } from 'node:fs'
import { check, desk, person, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { lookUp } from './portal.mjs'
import { fill, paths, values } from './routes.mjs'
import { openCase } from './staff.mjs'
import { ofTheCase, ofTheFrame, ofTheRequest } from './zoom-dialogs.mjs'
import { tabThrough } from './zoom-focus.mjs'
import { settled } from './wait.mjs'

const source = (file) => readFileSync(new URL(file, import.meta.url), 'utf8')
const eyes = { content: ['./zoom-page.mjs', './zoom-ring.mjs'].map((file) => `(() => {\n${source(file)}\n})();`).join('\n') }

/** 1280×1024 at 400 % and at 200 %; what is zoomed is a window at a desk, with a mouse. */
const far = { width: 320, height: 256 }
const near = { width: 640, height: 512 }
const window100 = { width: 1280, height: 1024 }
const stops = 60
/** What pictures are kept of, besides of what is wrong. */
const worst = new Set(['/cases/:id', '/policies/:id/edit', '/return/:orderId'])
/** What is looked at in each window; each names what it found. */
const everything = ['sideways', 'cutOff', 'squeezed', 'overlaid', 'unreachable', 'small', 'moving']

const ready = (page) =>
  page.waitForFunction(
    () => document.querySelector('main h1, main h2, main [role=alert]') && !document.querySelector('[data-left], [aria-busy=true]'),
  )

/** Goes to a page without reading the program again; what was shown before has gone when it is there. */
async function turn(page, face, path) {
  const go = (to) =>
    page.evaluate((address) => {
      if (location.pathname === address) return
      document.querySelector('main h1, main h2')?.setAttribute('data-left', '')
      history.pushState({}, '', address)
      dispatchEvent(new PopStateEvent('popstate', { state: {} }))
    }, to)
  await go(face === 'portal' ? '/nowhere' : '/console/nowhere')
  await ready(page)
  await go(path)
  await ready(page)
  await settled(page)
}

const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))

async function look(page, size, checks, where, wrong) {
  await page.setViewportSize(size)
  await frames(page)
  const found = await page.evaluate((asked) => {
    const all = window.zoomEyes
    const text = all.pieces()
    const targets = all.targets()
    const given = { cutOff: [text], squeezed: [text], overlaid: [text], unreachable: [targets], small: [targets, 24], low: [targets] }
    return asked.flatMap((what) => all[what](...(given[what] ?? [])).map((said) => `${what}: ${said}`))
  }, checks)
  for (const said of new Set(found)) wrong.push(`${where} ${size.width}: ${said}`)
}

/** Wider text, as a style sheet of the reader: nothing of it may be inline. */
async function spaced(page, on) {
  await page.evaluate((wanted) => {
    window.zoomSpacing ??= new CSSStyleSheet()
    window.zoomSpacing.replaceSync(
      wanted ? '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }' : '',
    )
    document.adoptedStyleSheets = [window.zoomSpacing]
  }, on)
}

async function visit(me, run, face, [name, path], options, wrong) {
  const { page, language } = me
  const before = wrong.length
  const where = `${face} ${name} ${language}`
  await page.setViewportSize(window100)
  await turn(page, face, path)
  if (options.spacing) {
    await spaced(page, true)
    for (const size of options.spacing) await look(page, size, ['sideways', 'cutOff', 'squeezed', 'overlaid'], `${where} spaced`, wrong)
    await spaced(page, false)
  }
  await look(page, window100, ['small', 'cutOff', 'unreachable', 'moving', ...(face === 'portal' ? ['low'] : [])], where, wrong)
  await look(page, near, everything, where, wrong)
  await look(page, far, [...everything, 'bars'], where, wrong)
  if (wrong.length > before || worst.has(name)) await run.shot(page, `zoom-${face}-${name.replace(/\W+/g, '-')}-${language}`, false)
  if (options.tab) run.stops = (run.stops ?? 0) + (await tabThrough(page, stops, where, wrong))
}

/** What is open over a page, at both zooms; the window is then as it was. */
async function above({ page, language }, run, name, wrong) {
  for (const size of [near, far]) await look(page, size, everything, `${name} ${language}`, wrong)
  await run.shot(page, `zoom-over-${name.replace(/[^\p{L}\d]+/gu, '-')}`, false)
  await page.setViewportSize(window100)
}

const wait = (page) => page.locator('main h1, main h2').first().waitFor()

/** Everything in one language; a page that cannot be looked at is a finding too. */
async function through(me, run, face, list, options, wrong) {
  for (const route of list) {
    try {
      await visit(me, run, face, route, options, wrong)
    } catch (error) {
      wrong.push(`${face} ${route[0]} ${me.language}: ${error.message.split('\n')[0]}`)
    }
  }
}

async function withCase(run, face) {
  const wrong = []
  const id = run.case ?? (await openCase(run, run.buyers.pages))
  await face(id, await values(run, id), wrong)
  run.fact('case', id)
  run.fact('stops', run.stops)
  check(run.stops > 100, `the Tab key made ${run.stops} stops`)
  if (wrong.length) throw new Error(`${new Set(wrong).size} findings:\n${[...new Set(wrong)].join('\n')}`)
}

export const walk = (browser, run) => withCase(run, (id, known, wrong) => staff(browser, run, id, known, wrong))
export const walkPortal = (browser, run) => withCase(run, (id, known, wrong) => portal(browser, run, known, wrong))

async function staff(browser, run, id, known, wrong) {
  const routes = paths('console/router.ts').filter((path) => !['/', '/signin'].includes(path)).concat('/cases/:id')
  check(routes.length > 20, `the router of the console lists ${routes.length} routes`)
  const me = run.with(await signIn(browser, run, 'administrator', { viewport: desk, touch: false }))
  const { page } = me
  // A key is not told who the customer is.
  const { items } = await (await me.context.request.get('/v1/customers?limit=1')).json()
  const list = routes.map((route) => [route, `/console${fill(route, { ...known, '/customers/:id': items[0].id })}`])
  await page.addInitScript(eyes)
  for (const language of ['en', 'zh-CN']) {
    await page.evaluate((next) => localStorage.setItem('aftercare.lang', next), language)
    await page.goto('/console/nowhere')
    await wait(page)
    await settled(page)
    await run.step(`console ${language}`, () =>
      through({ ...me, language }, run, 'console', list, { spacing: language === 'en' ? [window100, near] : [window100], tab: language === 'en' }, wrong),
    )
  }
  await run.step('console, what opens', async () => {
    const over = (name) => above({ ...me, language: 'zh-CN' }, run, `console ${name}`, wrong)
    await page.setViewportSize(window100)
    await turn(page, 'console', '/console/cases')
    await ofTheFrame(page, me.t, over)
    await turn(page, 'console', `/console/cases/${id}`)
    run.fact('actions', await ofTheCase(page, me.t, over))
  })
  await me.context.clearCookies()
  await page.goto('/console/signin')
  await wait(page)
  await look(page, far, [...everything, 'bars'], 'console sign-in', wrong)
  await tabThrough(page, stops, 'console sign-in', wrong)
  await me.context.close()
}

const languages = ['zh-CN', 'en', 'ar', 'de', 'zh-TW', 'ja', 'ko', 'es', 'fr', 'pt-BR', 'ru']
const closely = new Set(['zh-CN', 'en', 'ar', 'de'])

async function portal(browser, run, known, wrong) {
  const own = paths('portal/router.ts')
  check(own.length > 6, `the router of the portal lists ${own.length} routes`)
  // Links end sessions, and who is signed in does not see the first page: they come last.
  const list = own.filter((route) => route !== '/' && !route.startsWith('/link')).map((route) => [route, fill(route, known)])
  const me = run.with(await person(browser, run, { viewport: desk, touch: false }))
  const { page } = me
  await page.addInitScript(eyes)
  await lookUp(me, run, await texts('zh-CN'), run.buyers.pages)
  const speak = async (language) => {
    await page.evaluate((next) => localStorage.setItem('aftercare.lang', next), language)
    await page.goto('/nowhere')
    await wait(page)
  }
  for (const language of languages) {
    await speak(language)
    const options = { spacing: closely.has(language) && [window100, near], tab: ['ar', 'de'].includes(language) }
    await run.step(`portal ${language}`, () => through({ ...me, language }, run, 'portal', list, options, wrong))
  }
  await run.step('portal, what opens', async () => {
    await speak('de')
    await page.setViewportSize(window100)
    await turn(page, 'portal', list.find(([route]) => route === '/cases/:id')[1])
    await ofTheRequest(page, await texts('de'), (name) => above({ ...me, language: 'de' }, run, `portal ${name}`, wrong))
  })
  await me.context.clearCookies()
  for (const language of languages) {
    await speak(language)
    const out = [['/', '/'], ['/link/:token', '/link/nothing-like-a-link']]
    await through({ ...me, language }, run, 'portal', out, { spacing: closely.has(language) && [window100, near], tab: language === 'en' }, wrong)
  }
  await me.context.close()
}
