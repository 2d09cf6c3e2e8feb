// The sealed record: staff check proofs in the browser, take the evidence and have
// the log audited.
import { readFileSync } from 'node:fs'
import { check, desk, narrow, person } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'

const looks = [
  { language: 'zh-CN', dark: true },
  { language: 'zh-TW', dark: false },
  { language: 'en', dark: false },
]
const read = (face, language) =>
  JSON.parse(readFileSync(new URL(`../src/i18n/${face}.${language}.json`, import.meta.url), 'utf8'))
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString()

export async function walk(browser, run) {
  const wrong = []
  const boss = run.with(await run.step('the administrator signs in', () => signIn(browser, run, 'administrator')))
  const now = { browser, run, wrong, boss }
  now.id = await run.step('a case is made', () => made(now))
  const file = await run.step('the case is proven and taken along', () => proven(now))
  check(file.length > 1000, `the evidence has ${file.length} bytes`)
  await run.step('the log is audited', () => audited(now))
  await run.step('who read it is known', () => known(now))
  check(wrong.length === 0, wrong.join('\n'))
}

async function made({ boss, run }) {
  const send = async (path, data) => {
    const answer = await boss.page.request.fetch(path, { method: 'POST', data, headers: { Origin: run.url } })
    check(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  const order = await send('/v1/orders', {
    number: `SE-${Date.now()}`,
    currency: 'CNY',
    country: 'CN',
    zone: 'Asia/Shanghai',
    placed_at: day(4),
    delivered_at: day(2),
    customer: { name: '何芸', email: 'he.yun@example.com', language: 'zh-CN' },
    lines: [{ sku: 'SY-X2', title: '声悦 X2 降噪耳机', category: 'audio', quantity: 1, unit_price: 89900 }],
    tenders: [{ kind: 'alipay', provider: 'test', reference: `pay-se-${Date.now()}`, amount: 89900 }],
  })
  return (await send('/v1/cases', { order: order.id, items: [{ line: 1, quantity: 1, reason: 'no_longer_needed' }] })).id
}

async function proven({ browser, run, wrong, boss, id }) {
  let file
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    const { page, context } = run.with(await person(browser, run, { ...look, viewport: desk }))
    const texts = read('seal', look.language)
    await context.addCookies(await boss.context.cookies())
    await page.goto(`/console/cases/${id}`)
    const panel = page.locator('[data-seal]')
    await panel.locator('[data-verify]').waitFor()
    await page.locator('[data-seal-mark]').first().waitFor()
    await panel.locator('[data-verify]').press('Enter')
    await panel.locator('[data-checked] .text-ok').waitFor()
    await panel.locator('summary').first().click()
    await inspect(page, `seal ${name}`, wrong)
    await sideways(page, narrow, desk, `seal ${name}`, wrong)
    await panel.scrollIntoViewIfNeeded()
    await run.shot(page, `sealed-case-${name}`, false)
    if (!file) {
      await panel.getByRole('button', { name: texts['seal.get'], exact: true }).click()
      const ready = panel.locator('[data-evidence]')
      await ready.waitFor()
      const saved = page.waitForEvent('download')
      await ready.click()
      file = readFileSync(await (await saved).path()) // gone with the window
    }
    await context.close()
  }
  return file
}

async function audited({ boss, run, wrong }) {
  const { page } = boss
  await page.goto('/console/log')
  await page.locator('[data-run]').click()
  await page.locator('[data-audits] .text-ok').first().waitFor({ timeout: 60_000 })
  await inspect(page, 'log', wrong)
  await sideways(page, narrow, desk, 'log', wrong)
  await run.shot(page, 'sealed-log', true)
}

async function known({ boss, run, wrong, id }) {
  const { page } = boss
  await page.goto(`/console/reads?subject=${id}`)
  await page.getByRole('row').nth(1).waitFor()
  await page.locator(`a[href$="/cases/${id}"]`).filter({ hasText: /^R-/ }).first().waitFor() // by the number that people know
  await inspect(page, 'reads', wrong)
  await sideways(page, narrow, desk, 'reads', wrong)
  await run.shot(page, 'sealed-reads', false)
}
