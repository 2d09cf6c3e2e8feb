// What opens over the pages, at 400 %: everything that can be done to a case, and
// what the frame of the console opens; of the portal, what asks once more.
import { check } from './browser.mjs'
import { until } from './wait.mjs'

const all = (page) => page.locator('dialog[open], [role=dialog]:visible')
const open = (page) => all(page).last()

async function shown(page) {
  await open(page).waitFor()
  await page.waitForFunction(() => !document.querySelector('dialog[open] [aria-busy=true]'))
}

async function closed(page) {
  // One after the other: a key too many is one for the page below.
  for (let tries = 0, left = await all(page).count(); tries < 3 && left; tries++) {
    await page.keyboard.press('Escape')
    left = await until('it closes', () => all(page).count(), (now) => now < left, 5000).catch(() => left)
  }
  await page.waitForFunction(() => !document.querySelector('dialog[open]'))
}

/** Opens each, has it looked at, and closes it. */
async function each(page, openers, look) {
  for (const [name, act] of openers) {
    await act()
    await shown(page)
    await look(name)
    await closed(page)
  }
}

/** The console on the page of a case; `look` looks at what is open under a name. */
export async function ofTheCase(page, t, look) {
  const more = page.getByRole('button', { name: t('sheet.more') })
  const rows = open(page).locator('li button')
  await more.click()
  await shown(page)
  await look('all that can be done')
  const note = t('do.note')
  const names = (await rows.locator('span.font-medium').allTextContents()).map((one) => one.trim()).filter((one) => one !== note)
  check(names.length > 2, `${names.length} things can be done to the case`)
  await closed(page)
  const act = (label) => async () => {
    await more.click()
    await rows.filter({ has: page.getByText(label, { exact: true }) }).click()
  }
  await each(page, names.map((label) => [label, act(label)]), look)
  return names.length
}

/** What the frame opens: searched for, asked for by key, and the panels at its side. */
export async function ofTheFrame(page, t, look) {
  const press = (label) => () => page.getByRole('button', { name: label }).first().click()
  const frame = [
    ['palette', () => page.keyboard.press('Control+KeyK')],
    ['keys', () => page.keyboard.press('Shift+Slash')],
    ['mentions', () => page.locator('[data-bell]').click()],
    ['export', press(t('export.title'))],
    ['filter', press(t('filter.title'))],
  ]
  await each(page, frame, look)
  return frame.length
}

/** The portal on the page of a case: taking the request back is asked once more. */
export async function ofTheRequest(page, t, look) {
  await each(page, [['withdraw', () => page.getByRole('button', { name: t('withdraw.ask'), exact: true }).click()]], look)
}
