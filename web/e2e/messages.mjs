// Customer and shop write to each other: a ready-made text is kept in three
// languages, the customer asks on the phone, the agent sees it at once and
// answers with it, the customer gets the e-mail and reads on; also without a
// network. Once for each language.
import { call, check, desk, mail, narrow, person, phone, texts } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect, sideways } from './inspect.mjs'
import { lookUp } from './portal.mjs'
import { settled, until } from './wait.mjs'

const looks = [
  { language: 'zh-CN', dark: false, buyer: 'talk_cn', ask: '请问什么时候能有结果？', ready: '谢谢您的耐心' },
  { language: 'zh-TW', dark: true, buyer: 'talk_tw', ask: '請問什麼時候有結果？', ready: '謝謝您的耐心' },
  { language: 'en', dark: false, buyer: 'talk_en', ask: 'When will I hear from you?\nIt is urgent.', ready: 'Thank you for waiting' },
]
const said = {
  'zh-CN': '{name}您好，谢谢您的耐心，{number} 今天处理。',
  'zh-TW': '{name}您好，謝謝您的耐心，{number} 今天處理。',
  en: 'Hello {name}, Thank you for waiting. We look at {number} today.',
}

export async function walk(browser, run) {
  const wrong = []
  const look = looks.find(({ language }) => language === run.language)
  if (look === looks[0]) await run.step('a ready-made text in three languages', () => keeps(browser, run, wrong))
  await talks(browser, run, look, wrong)
  check(wrong.length === 0, [...new Set(wrong)].join('\n'))
}

const press = (from, name) => from.getByRole('button', { name, exact: true }).first().click()
/** A text that begins as one with a time at its end. */
const begins = (text) => new RegExp(`^\\s*${text.split('{')[0].trim()}`)
const talk = (page) => page.locator('[data-talk]')

async function keeps(browser, run, wrong) {
  const me = run.with(await signIn(browser, run, 'supervisor', { language: 'en', dark: true }))
  const { page, t } = me
  await page.goto('/console/replies')
  await page.getByText(t('reply.none'), { exact: true }).waitFor()
  await inspect(page, 'no ready-made texts', wrong)
  await press(page, t('reply.add'))
  await page.getByLabel(t('reply.title'), { exact: true }).fill('Thanks for waiting')
  await page.getByLabel(t('reply.shortcut'), { exact: true }).fill('wait')
  for (const [language, text] of Object.entries(said)) {
    await page.getByLabel(t('reply.language')).selectOption(language)
    await page.getByLabel(t('reply.words'), { exact: true }).fill(text)
  }
  await page.getByLabel(t('reply.words'), { exact: true }).fill(`${said.en} {nothing}`)
  await press(page, t('act.save'))
  await page.locator('[id$="-error"]').filter({ hasText: '{nothing}' }).waitFor()
  await page.getByLabel(t('reply.words'), { exact: true }).fill(said.en)
  await press(page, t('act.save'))
  await page.getByText(t('reply.saved'), { exact: true }).first().waitFor()
  await page.getByText('/wait').first().waitFor()
  await inspect(page, 'ready-made texts', wrong)
  await sideways(page, narrow, desk, 'ready-made texts', wrong)
  await run.shot(page, 'messages-replies', false)
  await me.context.close()
}

async function talks(browser, run, look, wrong) {
  const { language, dark, buyer: who, ask, ready } = look
  const buyer = run.buyers[who]
  const step = (what, does) => run.step(`${language}: ${what}`, does)
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${buyer.number}`)
  const { id } = await call(run, run.key, 'POST', '/v1/cases', {
    kind: 'refund_only',
    order: items[0].id,
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
    language,
  })
  const agent = run.with(await step('the agent signs in', () => signIn(browser, run, 'agent', { language, dark })))
  const customer = run.with(await person(browser, run, { language, dark }))
  const t = await texts(language)
  await step('the customer signs in', () => lookUp(customer, run, t, buyer))
  const now = { run, wrong, look, id, buyer, agent, page: customer.page, t, ask, ready }
  await step('the customer asks on the phone', () => asks(now))
  await step('the agent sees it at once', () => sees(now))
  await step('and answers with the ready-made text', () => answers(now))
  await step('the customer gets the e-mail, and reads', () => reads(now))
  await step('both are there: live', () => live(now))
  await step('without a network it waits', () => offline(now, customer.context))
  await agent.context.close()
  await customer.context.close()
}

async function asks({ page, t, id, ask, agent, look, run, wrong }) {
  await agent.page.goto('/console/cases?q=')
  await agent.page.locator(`a[href*="${id}"]`).first().waitFor()
  await page.goto(`/cases/${id}`)
  await talk(page).getByText(t('talk.none'), { exact: true }).waitFor()
  await page.getByLabel(t('talk.label'), { exact: true }).fill(ask)
  // What was typed is there after a reload.
  await page.reload()
  const field = page.getByLabel(t('talk.label'), { exact: true })
  await field.waitFor()
  await until('the draft is kept', () => field.inputValue(), ask)
  if (look.language === 'zh-CN') {
    await press(talk(page), t('talk.files'))
    await talk(page).locator('input[type=file][multiple]').setInputFiles(run.photo)
    await talk(page).getByRole('button', { name: t('photo.remove', { count: 1 }) }).waitFor()
    await talk(page).getByLabel(t('photo.sending')).waitFor({ state: 'detached' })
  }
  await inspect(page, `composer ${look.language}`, wrong)
  await press(talk(page), t('talk.send'))
  await talk(page).getByText(t('talk.delivered'), { exact: true }).waitFor()
  await until('the field is empty again', () => field.inputValue(), '')
  await sideways(page, narrow, phone, `conversation ${look.language}`, wrong)
}

async function sees({ agent, id, run, ask, look, page, t }) {
  const row = agent.page.locator(`a[href*="${id}"]`).first()
  await row.getByText(agent.t('list.unread', { count: 1 }).replace('messages', 'message')).waitFor()
  await run.shot(agent.page, `messages-inbox-${look.language}`, false)
  await agent.page.goto('/console/cases?wrote=true')
  await agent.page.locator(`a[href*="${id}"]`).first().waitFor()
  await open(agent, id)
  await talk(agent.page).getByText(ask.split('\n')[0], { exact: false }).waitFor()
  await talk(agent.page).getByRole('button', { name: agent.t('chat.settle'), exact: true }).waitFor()
  await talk(agent.page).scrollIntoViewIfNeeded()
  // The customer learns that it was read.
  await talk(page).getByText(begins(t('talk.read'))).waitFor()
  await run.shot(page, `messages-portal-asked-${look.language}`)
}

async function answers({ agent, run, ready, look, wrong, page, buyer, t }) {
  await page.goto('/orders') // so that an e-mail is worth it
  await page.getByRole('heading', { name: t('orders.title') }).waitFor()
  const { t: say } = agent
  const desktop = agent.page
  await desktop.locator('body').press('n')
  await desktop.getByLabel(say('note.label'), { exact: true }).and(desktop.locator(':focus')).waitFor()
  await desktop.keyboard.press('Escape')
  await desktop.locator('body').press('r')
  const field = desktop.getByLabel(say('chat.label'), { exact: true })
  await field.and(desktop.locator(':focus')).waitFor()
  await desktop.keyboard.type('/wa')
  const list = desktop.getByRole('listbox', { name: say('chat.pick') })
  await list.getByText('/wait').waitFor()
  await inspect(desktop, `ready-made texts to choose ${look.language}`, wrong)
  await run.shot(desktop, `messages-pick-${look.language}`, false)
  await desktop.keyboard.press('Enter')
  await list.waitFor({ state: 'detached' })
  await desktop.waitForFunction(
    (words) => [...document.querySelectorAll('textarea')].some((one) => one.value.includes(words)),
    ready,
  )
  await until('the text is filled in', () => field.inputValue(), (text) => text.includes(buyer.name) && !text.includes('{'))
  await desktop.keyboard.press('Control+Enter')
  await talk(desktop).getByText(ready, { exact: false }).waitFor()
  await talk(desktop).getByText(say('chat.unread'), { exact: true }).waitFor()
  await talk(desktop).getByRole('button', { name: say('chat.settle'), exact: true }).waitFor({ state: 'detached' })
  await talk(desktop).scrollIntoViewIfNeeded()
  await inspect(desktop, `conversation of staff ${look.language}`, wrong)
  await run.shot(desktop, `messages-console-${look.language}`, false)
}

async function reads({ run, buyer, ready, page, t, id, agent, look, wrong }) {
  const letter = await mail(run, buyer.contact, ready)
  check(letter.text.includes(ready) && letter.html.includes(ready) && !letter.text.includes('{'), `the e-mail has the words: ${letter.text}`)
  await page.goto('/orders')
  await page.getByText(t('talk.new', { count: 1 }).replace('messages', 'message'), { exact: true }).first().waitFor()
  await run.shot(page, `messages-portal-list-${look.language}`)
  await page.goto(letter.text.match(/https?:\/\/\S+/)[0].replace(/^https?:\/\/[^/]+/, ''))
  await page.waitForURL(`**/cases/${id}*`)
  await talk(page).getByText(ready, { exact: false }).waitFor()
  await talk(page).scrollIntoViewIfNeeded()
  await talk(agent.page).getByText(begins(agent.t('chat.read'))).waitFor()
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator(`html.${scheme}`).waitFor()
    await inspect(page, `conversation ${look.language} ${scheme}`, wrong)
    await run.shot(page, `messages-portal-${look.language}-${scheme}`)
  }
}

async function live({ agent, page, t }) {
  const { page: desktop, t: say } = agent
  await desktop.getByLabel(say('chat.label'), { exact: true }).fill('OK 1')
  await desktop.keyboard.press('Control+Enter')
  await talk(page).getByText('OK 1', { exact: true }).waitFor()
  await page.getByLabel(t('talk.label'), { exact: true }).fill('OK 2')
  await press(talk(page), t('talk.send'))
  await talk(desktop).getByText('OK 2', { exact: true }).waitFor()
  await press(talk(desktop), say('chat.settle'))
  await talk(desktop).getByRole('button', { name: say('chat.settle'), exact: true }).waitFor({ state: 'detached' })
}

async function offline({ page, t, agent, look, run }, context) {
  await context.setOffline(true)
  await page.getByLabel(t('talk.label'), { exact: true }).fill('OK 3')
  await press(talk(page), t('talk.send'))
  await talk(page).getByText(t('talk.waiting'), { exact: true }).waitFor()
  await run.shot(page, `messages-offline-${look.language}`)
  await context.setOffline(false)
  await talk(agent.page).getByText('OK 3', { exact: true }).waitFor()
  await talk(page).getByText(t('talk.waiting'), { exact: true }).waitFor({ state: 'detached' })
  await settled(page)
  await until('it was sent once', () => talk(page).getByText('OK 3', { exact: true }).count(), 1)
}
