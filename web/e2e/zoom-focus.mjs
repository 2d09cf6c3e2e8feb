// Where the focus goes: each stop of the Tab key is in sight, not under a bar,
// and has a ring.

/** Presses Tab as often as asked for, or until the browser's own frame is reached; adds what is wrong. */
export async function tabThrough(page, stops, where, wrong) {
  await page.evaluate(() => {
    document.activeElement?.blur()
    window.scrollTo(0, 0)
  })
  let made = 0
  for (; made < stops; made++) {
    await page.keyboard.press('Tab')
    const { end, found } = await page.evaluate(() => window.zoomFocused())
    for (const one of found) wrong.push(`${where}: ${one}`)
    if (end) break
  }
  return made
}
