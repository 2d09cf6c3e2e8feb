// An administrator connects a payment account and a carrier: nothing there yet, what
// is missing, a key that is not taken, one that works, off and on again, another name,
// gone; no secret comes back.
import { check, desk, narrow, texts } from './browser.mjs'
import { signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { settled } from './wait.mjs'

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
    const now = { run, wrong, name, page: me.page, t: await texts(look.language), seen: [] }
    me.page.on('response', async (answer) => {
      if (/\/v1\//.test(answer.url())) now.seen.push(await answer.text().catch(() => ''))
    })
    await run.step(`payments ${name}`, () => payments(now))
    await run.step(`carriers ${name}`, () => carriers(now))
    check(!now.seen.join().includes(run.stripe.good), 'an answer holds a secret')
    await me.context.close()
  }
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

/** Gives the password where it is asked for. */
async function confirm(page, t, run) {
  const asked = page.getByRole('dialog', { name: t('stepup.title') })
  await asked.waitFor()
  await asked.getByLabel(t('signin.password'), { exact: true }).fill(run.staff.administrator.password)
  await press(asked, t('stepup.confirm'))
  await asked.waitFor({ state: 'hidden' })
}

async function payments({ run, page, t, name, wrong }) {
  await page.goto('/console/settings')
  await page.getByRole('link', { name: t('nav.payment_accounts'), exact: true }).click()
  await page.getByRole('heading', { name: t('nav.payment_accounts'), level: 1 }).waitFor()
  await page.getByText(t('accounts.none_payment')).waitFor()
  await inspect(page, `payments, empty ${name}`, wrong)
  await run.shot(page, `accounts-empty-${name}`, false)
  await press(page, t('accounts.add_payment'))
  const dialog = page.getByRole('dialog').first()
  await inspect(page, `choosing a company ${name}`, wrong)
  await run.shot(page, `accounts-choose-${name}`, false)
  await dialog.getByRole('button', { name: new RegExp(`^${t('accounts.provider.wechatpay')}`) }).click()
  await dialog.getByLabel(t('accounts.field.mchid'), { exact: true }).waitFor()
  await inspect(page, `the form of WeChat Pay ${name}`, wrong)
  await run.shot(page, `accounts-wechat-${name}`, false)
  await page.keyboard.press('Escape')

  // By keys alone: the button, the company, the form.
  await page.getByRole('button', { name: t('accounts.add_payment'), exact: true }).first().press('Enter')
  await dialog.getByRole('button', { name: /^Stripe/ }).press('Enter')
  await press(dialog, t('accounts.save_new'))
  await dialog.getByText(t('accounts.need')).waitFor()
  const key = dialog.getByLabel(t('accounts.field.stripe.key'), { exact: true })
  await key.fill('pk_live_not_a_secret_one')
  await press(dialog, t('accounts.save_new'))
  await confirm(page, t, run)
  await dialog.getByText(t('accounts.bad.key')).waitFor()
  await inspect(page, `a wrong kind of key ${name}`, wrong)
  await run.shot(page, `accounts-bad-${name}`, false)
  await dialog.getByLabel(t('accounts.name'), { exact: true }).fill(`Stripe ${name}`)
  await key.fill(run.stripe.bad)
  await dialog.getByLabel(t('accounts.field.webhook_secret')).fill('whsec_0123456789abcdef')
  await press(dialog, t('accounts.save_new'))
  const row = page.getByRole('article', { name: `Stripe ${name}` })
  await row.getByText(t('accounts.failed.refused')).waitFor()
  await row.getByText('···· 0002').waitFor()
  await row.getByText(/\/v1\/hooks\/stripe\/main\/acc_/).waitFor()
  await inspect(page, `a test that failed ${name}`, wrong)
  await run.shot(page, `accounts-failed-${name}`, false)

  await press(row, t('accounts.change'))
  await dialog.getByText(t('accounts.stays', { mark: '···· 0002' })).waitFor()
  check((await key.inputValue()) === '', 'the form shows a secret')
  await key.fill(run.stripe.good)
  await run.shot(page, `accounts-change-${name}`, false)
  await press(dialog, t('act.save'))
  await row.getByText(t('accounts.passed')).waitFor()
  await row.getByText('acct_walk').waitFor()
  // That it passed is said already: the answer is what is waited for.
  const tested = page.waitForResponse((one) => one.request().method() === 'POST' && new URL(one.url()).pathname.includes('/v1/'))
  await press(row, t('accounts.test'))
  check((await tested).ok(), 'it is tested again')
  await settled(page)
  await row.getByText(t('accounts.passed')).waitFor()
  await press(row, t('accounts.disable'))
  await row.getByText(t('accounts.state.disabled'), { exact: true }).waitFor()
  await inspect(page, `an account that is off ${name}`, wrong)
  await run.shot(page, `accounts-off-${name}`, false)
  await press(row, t('accounts.enable'))
  await row.getByText(t('accounts.state.enabled'), { exact: true }).waitFor()
  await sideways(page, narrow, desk, `payments ${name}`, wrong)
  await page.setViewportSize(narrow)
  await run.shot(page, `accounts-narrow-${name}`, true)
  await page.setViewportSize(desk)
  await press(row, t('accounts.remove'))
  await page.getByText(t('accounts.remove_text_payment')).waitFor()
  await run.shot(page, `accounts-remove-${name}`, false)
  await press(dialog, t('accounts.remove'))
  await page.getByText(t('accounts.none_payment')).waitFor()
}

async function carriers({ run, page, t, name, wrong }) {
  await page.getByRole('link', { name: t('nav.carriers'), exact: true }).click()
  await page.getByText(t('accounts.none_carrier')).waitFor()
  await press(page, t('accounts.add_carrier'))
  const dialog = page.getByRole('dialog').first()
  await dialog.getByRole('button', { name: new RegExp(`^${t('accounts.provider.generic')}`) }).click()
  await press(dialog, t('accounts.save_new'))
  await dialog.getByText(t('accounts.bad.url')).waitFor()
  await dialog.getByLabel(t('accounts.field.url')).fill('https://carrier.invalid/v1')
  await dialog.getByLabel(t('accounts.field.token')).fill('a-long-token-of-the-carrier-0003')
  await dialog.getByLabel(t('accounts.field.names')).fill('Depot Express, 仓储快运')
  await inspect(page, `the form of a carrier ${name}`, wrong)
  await run.shot(page, `carriers-form-${name}`, false)
  await press(dialog, t('accounts.save_new'))
  const row = page.getByRole('article', { name: t('accounts.provider.generic') })
  await row.getByText(t('accounts.failed.unreachable')).waitFor()
  await inspect(page, `carriers ${name}`, wrong)
  await run.shot(page, `carriers-${name}`, false)
  await press(row, t('accounts.remove'))
  await press(dialog, t('accounts.remove'))
  await page.getByText(t('accounts.none_carrier')).waitFor()
}
