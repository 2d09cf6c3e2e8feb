// An administrator adds a webhook, keeps its secret, sends a test, looks at what
// came back, gives it a new secret and disables it; then words an e-mail.
import { check, desk, narrow, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { delivered } from './webhook-again.mjs'

const looks = [
  { language: 'zh-CN', dark: false },
  { language: 'zh-TW', dark: true },
  { language: 'en', dark: true },
]
const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()

export async function walk(browser, run) {
  const wrong = []
  for (const look of looks) {
    const name = `${look.language}-${look.dark ? 'dark' : 'light'}`
    const me = run.with(await signIn(browser, run, 'administrator', look))
    const now = { run, wrong, name, page: me.page, t: await texts(look.language) }
    await run.step(`webhooks ${name}`, () => hooks(now))
    await run.step(`words ${name}`, () => words(now))
    await me.context.close()
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

async function hooks({ run, page, t, name, wrong }) {
  await page.goto('/console/webhooks')
  await page.getByRole('heading', { name: t('nav.webhooks'), level: 1 }).waitFor()
  await inspect(page, `webhooks ${name}`, wrong)
  await press(page, t('webhook.add'))
  const dialog = page.getByRole('dialog')
  await press(dialog, t('act.save'))
  await dialog.getByText(t('webhook.need_name')).waitFor()
  await dialog.getByLabel(t('webhook.name'), { exact: true }).fill(`ERP ${name}`)
  await dialog.getByLabel(t('webhook.url'), { exact: true }).fill('https://10.0.0.1/hook')
  await press(dialog, t('act.save'))
  await dialog.getByText(t('webhook.bad_url')).waitFor()
  await dialog.getByLabel(t('webhook.url'), { exact: true }).fill('https://erp.invalid/hook')
  await inspect(page, `adding a webhook ${name}`, wrong)
  await run.shot(page, `webhook-add-${name}`, false)
  await press(dialog, t('act.save'))
  const secret = await dialog.getByLabel(t('webhook.secret')).inputValue()
  check(/^whsec_.{40,}$/.test(secret), `no secret: ${secret}`)
  await press(dialog, t('webhook.stored'))
  await page.getByRole('link', { name: new RegExp(`ERP ${name}`) }).click()
  await page.getByRole('heading', { name: `ERP ${name}`, level: 1 }).waitFor()
  await press(page, t('webhook.ping'))
  await page.getByText('webhook.ping').first().waitFor()
  await delivered(page, 'failed')
  await page.reload()
  await page.getByText(t('webhook.is.failed')).first().waitFor()
  await press(page, t('webhook.look'))
  await dialog.getByText(t('webhook.request')).waitFor()
  await inspect(page, `a delivery ${name}`, wrong)
  await page.keyboard.press('Escape')
  await sideways(page, narrow, desk, `a webhook ${name}`, wrong)
  await run.shot(page, `webhook-${name}`, false)
  await press(page, t('webhook.rotate'))
  await press(dialog, t('webhook.rotate'))
  const next = await dialog.getByLabel(t('webhook.secret')).inputValue()
  check(next !== secret, 'the new secret is the old one')
  await press(dialog, t('webhook.stored'))
  await press(page, t('webhook.disable'))
  await page.locator('#main').getByText(t('webhook.disabled'), { exact: true }).waitFor()
  await press(page, t('webhook.delete'))
  await press(dialog, t('webhook.delete'))
  await page.waitForURL(/\/webhooks$/)
}

async function words({ run, page, t, name, wrong }) {
  await page.goto('/console/templates')
  await page.getByRole('link', { name: new RegExp(t('template.kind.approved')) }).click()
  const body = page.getByLabel(t('template.body'), { exact: true })
  await body.fill('Line one\n{amunt} is wrong')
  await press(page, t('act.save'))
  await page.getByText(t('template.bad_name', { line: 2, column: 1, what: '{amunt}' })).waitFor()
  await inspect(page, `words with a mistake ${name}`, wrong)
  await body.fill('Hello {name}, about {number}.\n\n{next}')
  await press(page, t('act.save'))
  await page.getByText(t('template.is_own')).waitFor()
  await sideways(page, narrow, desk, `words ${name}`, wrong)
  await run.shot(page, `template-${name}`, false)
  await press(page, t('template.reset'))
  await page.getByText(t('template.is_standard')).waitFor()
}
