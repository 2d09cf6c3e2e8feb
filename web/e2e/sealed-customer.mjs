// The customer takes the evidence of the own case and checks it without a network;
// an altered byte is found and named.
import { readFileSync } from 'node:fs'
import { check, narrow, person, phone, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'

export const looks = [
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
  { language: 'en', dark: true },
]
export const read = (face, language) =>
  JSON.parse(readFileSync(new URL(`../src/i18n/${face}.${language}.json`, import.meta.url), 'utf8'))
export const named = (look) => `${look.language}-${look.dark ? 'dark' : 'light'}`
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString()

export async function walk(browser, run) {
  const wrong = []
  const boss = run.with(await run.step('the administrator signs in', () => signIn(browser, run, 'administrator')))
  const now = { browser, run, wrong, boss }
  Object.assign(now, await run.step('a case is made', () => made(now)))
  now.file = await run.step('the customer takes the evidence', () => taken(now))
  await run.step('it is checked without a network', () => checked(now))
  check(wrong.length === 0, wrong.join('\n'))
}

export const sender =
  (page, run) =>
  async (path, data, headers = {}) => {
    const answer = await page.request.fetch(path, { method: 'POST', data, headers: { Origin: run.url, ...headers } })
    check(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }

/** A case of a new customer that somebody looked at. */
export async function made({ boss, run }) {
  const send = sender(boss.page, run)
  const buyer = { number: `SA-${Date.now()}`, contact: `bai.lu${Date.now()}@example.com` }
  const order = await send('/v1/orders', {
    number: buyer.number,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day(4),
    delivered_at: day(2),
    customer: { name: '白露', email: buyer.contact, language: 'zh-CN' },
    lines: [{ sku: 'SY-X2', title: '声悦 X2 降噪耳机', category: 'audio', quantity: 1, unit_price: 89900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-${buyer.number}`, amount: 89900 }],
  })
  const { id } = await send('/v1/cases', {
    order: order.id,
    items: [{ line: 1, quantity: 1, reason: 'no_longer_needed' }],
  })
  await boss.page.goto(`/console/cases/${id}`) // somebody looked at it
  await boss.page.getByRole('heading', { level: 1 }).first().waitFor()
  return { id, buyer }
}

async function taken(now) {
  const { browser, run, wrong, id, buyer } = now
  const me = run.with(await person(browser, run, { language: 'zh-CN' }))
  await lookUp(me, run, await texts('zh-CN'), buyer)
  now.customer = me
  let file
  for (const look of looks) {
    const { page, context } = run.with(await person(browser, run, look))
    const words = read('seal', look.language)
    await context.addCookies(await me.context.cookies())
    await page.goto(`/cases/${id}`)
    const card = page.locator('[data-seal]')
    await card.locator('summary').press('Enter')
    await card.locator('[data-seal-sum]').waitFor()
    await card.getByRole('listitem').first().waitFor() // who looked
    if (!file) {
      await card.getByRole('button', { name: words['seal.get'], exact: true }).click()
      const ready = card.locator('[data-evidence]')
      await ready.waitFor()
      const saved = page.waitForEvent('download')
      await ready.click()
      file = readFileSync(await (await saved).path())
    }
    await inspect(page, `portal seal ${named(look)}`, wrong)
    await sideways(page, narrow, phone, `portal seal ${named(look)}`, wrong)
    await card.scrollIntoViewIfNeeded()
    await run.shot(page, `sealed-portal-${named(look)}`, true)
    await context.close()
  }
  return file
}

/** Has a file checked on a page that asks no server, and answers the page. */
export async function verified({ browser, run }, look, file, good, key = '') {
  const { page, context } = run.with(await person(browser, run, look))
  const words = read('check', look.language)
  await page.goto('/verify')
  await context.setOffline(true)
  if (key) await page.getByLabel(words.keys).fill(key)
  await page.locator('#file').setInputFiles({ name: 'evidence.zip', mimeType: 'application/zip', buffer: file })
  await page.getByRole('heading', { name: words[good], exact: true }).waitFor()
  return { page, context, words }
}

async function checked(now) {
  const { run, wrong, file } = now
  const bad = Buffer.from(file)
  bad[bad.indexOf('"version": ') + 11] ^= 1 // a digit of an event
  for (const look of looks) {
    const good = await verified(now, look, file, 'good')
    await good.page.getByText(good.words.proven, { exact: true }).first().waitFor()
    await good.page.getByText(good.words.unproven, { exact: true }).first().waitFor() // nobody vouched for the key
    await inspect(good.page, `verify ${named(look)}`, wrong)
    await sideways(good.page, narrow, phone, `verify ${named(look)}`, wrong)
    await run.shot(good.page, `sealed-verify-${named(look)}`, true)
    await good.context.close()
    const altered = await verified(now, look, bad, 'bad')
    await altered.page.getByText(altered.words.false, { exact: true }).first().waitFor()
    await inspect(altered.page, `verify changed ${named(look)}`, wrong)
    await run.shot(altered.page, `sealed-verify-changed-${named(look)}`, true)
    await altered.context.close()
  }
  const broken = Buffer.from(file)
  broken[30] ^= 1 // a name in the file
  await (await verified(now, looks[1], broken, 'none')).context.close()
}
