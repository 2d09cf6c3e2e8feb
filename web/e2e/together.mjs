// Two agents at one case at the same time: who else is there, a claim that only
// one gets, notes and mentions, a connection that is lost and comes back without
// losing what was typed.
import { call, check } from './browser.mjs'
import { open, signIn } from './console.mjs'
import { inspect } from './inspect.mjs'
import { stays, until } from './wait.mjs'

export async function walk(browser, run) {
  const wrong = []
  const buyer = run.buyers.together
  const { items } = await call(run, run.key, 'GET', `/v1/orders?q=${buyer.number}`)
  const asked = await call(run, run.key, 'POST', '/v1/cases', {
    kind: 'refund_only',
    order: items[0].id,
    items: [{ line: 1, quantity: 1, reason: 'not_as_described' }],
    comment: '与描述不符',
  })
  check(asked.state === 'submitted', `a person decides, but the case is ${asked.state}`)
  const li = run.with(await run.step('one signs in', () => signIn(browser, run, 'agent')))
  const wang = run.with(
    await run.step('another signs in', () => signIn(browser, run, 'supervisor', { language: 'en', dark: true })),
  )
  const now = { run, wrong, li, wang, id: asked.id, number: asked.number }
  await run.step('they see each other', () => seen(now))
  await run.step('one types, the other is told', () => typing(now))
  await run.step('both claim, one gets it', () => claimed(now))
  await run.step('taking it back is possible', () => undone(now))
  await run.step('a note mentions a colleague', () => mentioned(now))
  await run.step('a note is taken back', () => takenBack(now))
  await run.step('the connection is lost and comes back', () => offline(now))
  await run.step('who leaves is gone', () => left(now))
  check(wrong.length === 0, wrong.join('\n'))
}

const here = (page) => page.locator('[data-presence]').first()
const note = ({ page, t }) => page.getByLabel(t('note.label'), { exact: true })
const assignee = (page, name) => page.locator('main header').getByText(name, { exact: true }).first()

async function seen({ li, wang, run, id, wrong }) {
  await Promise.all([open(li, id), open(wang, id)])
  await here(li.page).getByText(run.staff.supervisor.name).waitFor()
  await here(wang.page).getByText(run.staff.agent.name).waitFor()
  await run.shot(wang.page, 'together-looking', false)
  await inspect(wang.page, 'two people at a case', wrong)
}

async function typing({ li, wang, run }) {
  await note(wang).fill('The photo does not match the order')
  const words = li.t('presence.writing', { names: run.staff.supervisor.name })
  await here(li.page).getByText(words, { exact: true }).waitFor()
  await run.shot(li.page, 'together-writing', false)
  await wang.page.getByRole('button', { name: wang.t('do.refuse') }).first().click()
  const acting = li.t('presence.acting', { names: run.staff.supervisor.name })
  await here(li.page).getByText(acting, { exact: true }).waitFor()
  await wang.page.keyboard.press('Escape')
  await here(li.page)
    .getByText(li.t('presence.looking', { names: run.staff.supervisor.name }), { exact: true })
    .or(here(li.page).getByText(words, { exact: true }))
    .first()
    .waitFor()
}

/** Both press the key at once: the server gives the case to one, the other reads who was faster. */
async function claimed({ li, wang, run, id }) {
  for (const { page } of [li, wang]) await page.locator('main header h1').click()
  await Promise.all([li.page.keyboard.press('i'), wang.page.keyboard.press('i')])
  const names = { [run.staff.agent.name]: [li, wang], [run.staff.supervisor.name]: [wang, li] }
  const found = await until('somebody has the case', () => call(run, run.key, 'GET', `/v1/cases/${id}`), (one) => one.assignee)
  const [winner, loser] = names[found.assignee.name]
  await assignee(winner.page, found.assignee.name).waitFor()
  await assignee(loser.page, found.assignee.name).waitFor()
  const assigned = found.timeline.filter((one) => one.type === 'case.assigned')
  check(assigned.length === 1, `of two claims ${assigned.length} went through`)
  run.fact('claimed', found.assignee.name)
  run.winner = winner
  run.loser = loser
  await run.shot(loser.page, 'together-claimed', false)
  // A second claim of somebody else's case asks first.
  await loser.page.keyboard.press('Escape')
  await loser.page.keyboard.press('i')
  await loser.page
    .getByText(loser.t('claim.theirs', { name: found.assignee.name }), { exact: true })
    .or(loser.page.getByText(loser.t('claim.faster', { name: found.assignee.name }), { exact: true }))
    .first()
    .waitFor()
  const after = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  check(after.assignee.name === found.assignee.name, 'one press takes nothing away from a colleague')
}

async function undone({ run, id, number }) {
  const { page, t } = run.winner
  await page.keyboard.press('Escape')
  await stays(page, async () => {
    await page.keyboard.press('i')
    const said = page.locator('p', { hasText: t('assign.left', { number }) })
    await said.getByRole('button', { name: t('undo.do'), exact: true }).click()
  })
  await page.getByText(t('undo.done'), { exact: true }).waitFor()
  await until('the case is taken back', async () => (await call(run, run.key, 'GET', `/v1/cases/${id}`)).assignee)
}

async function mentioned({ li, wang, run, id, wrong }) {
  await note(li).fill('')
  await note(li).pressSequentially('请看一下 @王')
  const list = li.page.getByRole('listbox', { name: li.t('mention.pick') })
  await list.getByRole('option', { name: run.staff.supervisor.name }).waitFor()
  await inspect(li.page, 'choosing a colleague', wrong)
  await run.shot(li.page, 'together-mention', false)
  await li.page.keyboard.press('Enter')
  await li.page.keyboard.press('Control+Enter')
  const told = li.page.getByText(li.t('mention.told', { names: run.staff.supervisor.name }), { exact: true })
  await told.first().waitFor()
  // It rings without a reload, and leads to the case.
  await wang.page.locator('[data-bell]').getByText('1', { exact: true }).waitFor()
  await wang.page.locator('[data-bell]').click()
  const panel = wang.page.getByRole('dialog', { name: wang.t('bell.title') })
  await panel.getByText('请看一下').waitFor()
  await inspect(wang.page, 'mentions', wrong)
  await run.shot(wang.page, 'together-bell', false)
  await panel.getByRole('link').first().click()
  await wang.page.locator('[data-bell]').getByText('1', { exact: true }).waitFor({ state: 'detached' })
  check(new URL(wang.page.url()).pathname.endsWith(id), 'a mention leads to its case')
}

async function takenBack({ li, wang }) {
  // What was said of the note before is gone: there is one undo, that of this note.
  const said = li.page.locator('p', { hasText: li.t('note.saved') })
  await said.first().waitFor({ state: 'detached' })
  await note(li).fill('这条写错了')
  await stays(li.page, async () => {
    await li.page.keyboard.press('Control+Enter')
    await wang.page.getByText('这条写错了').waitFor()
  })
  await said.last().getByRole('button', { name: li.t('undo.do'), exact: true }).click()
  await wang.page.getByText('这条写错了').waitFor({ state: 'detached' })
  await wang.page.getByText(wang.t('note.gone')).first().waitFor()
}

/** One goes offline while typing; the other acts; everything is there when the connection is back. */
async function offline({ li, wang, run, wrong, id }) {
  const words = '离线时写的话，一个字也不能丢'
  await li.context.setOffline(true)
  await li.page.locator('[data-connection=lost]').waitFor()
  await note(li).fill(words)
  await inspect(li.page, 'offline', wrong)
  await run.shot(li.page, 'together-offline', false)
  await li.page.keyboard.press('Control+Enter')
  await li.page.getByRole('alert').filter({ hasText: /./ }).last().waitFor()
  await until('what could not be sent is still there', () => note(li).inputValue(), words)
  await note(wang).fill('While you were away')
  await wang.page.keyboard.press('Control+Enter')
  await wang.page.getByText('While you were away').first().waitFor()
  await li.context.setOffline(false)
  await li.page.locator('[data-connection=lost]').waitFor({ state: 'detached' })
  await li.page.getByText('While you were away').first().waitFor()
  check((await note(li).inputValue()) === words, 'what was typed offline survives the connection')
  await li.page.reload()
  await note(li).waitFor()
  await until('what was typed survives a reload', () => note(li).inputValue(), words)
  await note(li).focus()
  await li.page.keyboard.press('Control+Enter')
  await wang.page.getByText(words).first().waitFor()
  await note(li).and(li.page.locator(':placeholder-shown')).waitFor() // what was sent is no draft any more
  const found = await call(run, run.key, 'GET', `/v1/cases/${id}`)
  const times = found.timeline.filter((one) => one.note === words).length
  check(times === 1, `the note is there ${times} times`)
}

async function left({ li, wang, run }) {
  await here(wang.page).getByText(run.staff.agent.name).waitFor()
  await li.page.goto('/console/orders')
  await here(wang.page).getByText(run.staff.agent.name).waitFor({ state: 'detached' })
}
