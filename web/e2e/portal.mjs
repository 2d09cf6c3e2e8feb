// What a customer does in the portal.
import { mailAfter, mails, shot } from './browser.mjs'
import { settled, until } from './wait.mjs'

/** Signs in with an order number, an address and the code of the e-mail. */
export async function lookUp(me, run, t, order, as = '') {
  const { page } = me
  await page.goto('/')
  await page.getByLabel(t('lookup.order'), { exact: true }).fill(order.number)
  await page.getByLabel(t('lookup.contact'), { exact: true }).fill(order.contact)
  if (as) await shot(page, run, `${as}-lookup`)
  const before = await sent(run, order.contact, me.language)
  const answered = page.waitForResponse((response) => response.url().endsWith('/v1/my/lookup'))
  await page.getByRole('button', { name: t('lookup.send') }).click()
  const challenge = await (await answered).json()
  const code = challenge.demo_code ?? (await codeFrom(run, order.contact, me.language, before))
  const field = page.getByLabel(t('code.label'), { exact: true })
  await field.waitFor()
  if (as) await shot(page, run, `${as}-code`)
  await field.fill(code)
  await page.waitForURL(/\/orders\/ord_/)
  await page.getByRole('heading', { name: t('order.items'), exact: true }).waitFor()
}

const word = { 'zh-CN': '验证码', 'zh-TW': '驗證碼', en: 'code', de: 'Code', ar: 'رمزك' }

/** How many codes a contact was sent by now; a demonstration sends none and says them. */
export const sent = (run, contact, language) => (run.mail ? mails(run, contact, word[language]) : 0)

/** The code of the e-mail that was sent to a contact, who may have had some before. */
export async function codeFrom(run, contact, language, before = 0) {
  const letter = await mailAfter(run, before, contact, word[language])
  const [code] = letter.text.match(/\b\d{6}\b/) ?? []
  if (!code) throw new Error(`no code in the e-mail: ${letter.text}`)
  return code
}

/** Fills the form: which lines, why, photos where they are asked for. Stops before sending. */
export async function fillReturn(me, run, t, wishes, as = '') {
  const { page } = me
  await page.getByRole('link', { name: t('order.start'), exact: true }).click()
  await page.waitForURL(/\/return\/ord_/)
  await page.getByRole('heading', { name: t('apply.items'), exact: true }).waitFor()
  for (const wish of wishes) {
    const group = page.getByRole('group', { name: wish.title, exact: true })
    await group.getByRole('checkbox').setChecked(true, { force: true })
    if (wish.quantity) await setQuantity(group, t, wish.quantity)
    await group.locator(`label:has(input[type=radio][value="${wish.reason}"])`).click()
    if (wish.photo) {
      const list = page.getByRole('list', { name: wish.title, exact: true })
      await list.locator('input[type=file][multiple]').setInputFiles(wish.photo)
      await list.getByRole('button', { name: t('photo.remove', { count: 1 }) }).waitFor()
      await list.getByLabel(t('photo.sending')).waitFor({ state: 'detached' })
    }
  }
  await page.getByText(t('money.total')).first().waitFor()
  await page.locator('#refund').getByText(/\d/).first().waitFor()
  if (as) await shot(page, run, `${as}-return`)
}

/** Chooses what is asked for, once the shop has said what it would give. */
export async function choose(page, t, kind) {
  const tile = page.getByRole('radio', { name: t(`kind.${kind}`), exact: true })
  await tile.check({ force: true })
  await settled(page)
  await page.locator('#refund [aria-busy=false]').waitFor()
}

/** Sends the filled form and answers the id of the case that was made. */
export async function send(me, run, t, as = '') {
  const { page } = me
  await page.getByRole('button', { name: t('apply.submit') }).click()
  const dialog = page.getByRole('dialog', { name: t('confirm.title') })
  await dialog.waitFor()
  if (as) await shot(page, run, `${as}-confirm`, false)
  await run.inspect?.(page, 'confirm')
  await dialog.getByRole('button', { name: t('confirm.action') }).click()
  await page.waitForURL(/\/cases\/case_/)
  await page.getByRole('heading', { name: t('case.items'), exact: true }).waitFor()
  if (as) await shot(page, run, `${as}-case`)
  return new URL(page.url()).pathname.split('/').pop()
}

async function setQuantity(group, t, wanted) {
  const shown = group.getByRole('status')
  for (let now = Number(await shown.textContent()); now !== wanted; ) {
    const next = now + Math.sign(wanted - now)
    await group.getByRole('button', { name: t(now < wanted ? 'act.more' : 'act.less') }).click()
    now = await until('how many', async () => Number(await shown.textContent()), next)
  }
}
