// The browser of the walks: one Chromium, a fresh context per person.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { follow } from './wait.mjs'

export const phone = { width: 390, height: 844 }
export const narrow = { width: 320, height: 700 }
export const desk = { width: 1440, height: 900 }
export const tablet = { width: 820, height: 1180 }

/** How much slower than it is the machine pretends to be, to find what only went well because it is quick. */
const slow = Number(process.env.AFTERCARE_TEST_SLOW ?? 1)
const patience = slow > 1 ? 60_000 : 30_000
export const program = process.env.AFTERCARE_CHROMIUM ?? '/usr/bin/chromium'
export const quiet = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']

export function launch() {
  return chromium.launch({
    executablePath: program,
    args: [...quiet, '--disable-sync', '--no-first-run', '--disable-dev-shm-usage'],
  })
}

/** Opens a window of its own for a person; `faults` collects what must not happen in it. */
export async function person(browser, run, options = {}) {
  const { language = 'zh-CN', dark = false, viewport = phone, touch = viewport !== desk, serviceWorkers = 'allow' } = options
  const context = await browser.newContext({
    baseURL: run.url,
    locale: language,
    timezoneId: 'Asia/Shanghai',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    viewport,
    hasTouch: touch,
    deviceScaleFactor: 2,
    acceptDownloads: true,
    serviceWorkers,
  })
  context.setDefaultTimeout(patience)
  context.setDefaultNavigationTimeout(60_000)
  if (slow > 1) context.on('page', (page) => context.newCDPSession(page).then((cdp) => cdp.send('Emulation.setCPUThrottlingRate', { rate: slow })).catch(() => {}))
  context.on('page', follow)
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== new URL(run.url).origin)
      faults.push(`request to ${url.origin}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  return { context, page, faults, language }
}

/** Stores what the page looks like. */
export async function shot(page, run, name, fullPage = true) {
  mkdirSync(run.out, { recursive: true })
  const path = join(run.out, `${name}.png`)
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path, fullPage, animations: 'disabled' })
  return path
}

/** The texts of the pages in a language, by key. */
export async function texts(language) {
  const own = ['zh-CN', 'zh-TW', 'en'].includes(language)
  const load = (face) => import(`../src/i18n/${own ? '' : 'more/'}${face}.${language}.json`, { with: { type: 'json' } })
  const files = await Promise.all(
    (own ? ['shared', 'portal', 'later', 'console', 'desk', 'inbox', 'insight', 'admin', 'audit', 'calendar', 'policy', 'rights', 'warehouse', 'talk'] : ['shared', 'portal']).map(load),
  )
  const all = Object.assign({}, ...files.map((file) => file.default))
  return (key, params = {}) => {
    const text = all[key]
    if (text === undefined) throw new Error(`no text ${key} in ${language}`)
    return (text.other ?? text).replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole)
  }
}

/** Waits for an e-mail to an address that has all the words; the test's server answers when it has arrived. */
export const mail = (run, to, ...words) => mailAfter(run, 0, to, ...words)

/** How many such e-mails there are by now. */
export const mails = async (run, to, ...words) => (await mailAfter(run, -1, to, ...words)).count

/** One more such e-mail than were there before. */
export async function mailAfter(run, before, to, ...words) {
  const query = new URLSearchParams({ to, before })
  for (const word of words) query.append('word', word)
  const response = await fetch(`${run.mail}?${query}`, { signal: AbortSignal.timeout(120_000) })
  if (!response.ok) throw new Error(`no e-mail to ${to} with ${words.join(', ')}: ${await response.text()}`)
  return response.json()
}

/** Calls the API as a program. */
export async function call(run, key, method, path, body, headers = {}) {
  const init = { method, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers } }
  if (body !== undefined) init.body = JSON.stringify(body)
  const response = await fetch(run.url + path, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

export function check(condition, what) {
  if (!condition) throw new Error(what)
}
