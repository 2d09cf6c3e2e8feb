// Waiting for what is to be seen, not for time: a machine under load shows
// everything later, and in another order.

const patience = 60_000
const pause = (ms) => new Promise((done) => setTimeout(done, ms))
const underWay = new WeakMap()
/** The browser does not tell of the end of everything, as of what is sent while a page is left. */
const forgotten = 15_000

/** Follows what a page asks for, so that `settled` knows what is under way. */
export function follow(page) {
  const open = new Map()
  underWay.set(page, open)
  page.on('request', (request) => {
    // What the page before asked for is nobody's any more.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) open.clear()
    if (!/\/(live|presence)\b/.test(request.url()) && request.resourceType() !== 'media') open.set(request, Date.now())
  })
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request))
}

/**
 * Waits until a page has what it asked for and shows it: no part of the program
 * and no answer is under way, nothing is busy, and that is still so two frames
 * later. "Nothing is busy" alone is true before a page has begun to read.
 */
export async function settled(page) {
  const open = underWay.get(page) ?? new Map()
  const waits = () => [...open].filter(([, since]) => Date.now() - since < forgotten).map(([request]) => request.url())
  const end = Date.now() + patience
  for (let quiet = 0; quiet < 2; ) {
    const busy = await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.querySelectorAll('[aria-busy=true]').length)))),
    )
    quiet = busy || waits().length ? 0 : quiet + 1
    if (quiet) continue
    if (Date.now() > end) throw new Error(`the page does not settle: ${busy} parts are busy, under way ${waits()}`)
    await pause(30)
  }
}

/** Reads again until what is read is what is wanted, a value or a test of it, and answers it; otherwise tells what it read last. */
export async function until(what, read, wanted = Boolean, most = patience) {
  const right = typeof wanted === 'function' ? wanted : (found) => found === wanted
  let last
  for (const end = Date.now() + most; Date.now() < end; await pause(100)) {
    try {
      last = await read()
      if (right(last)) return last
    } catch (error) {
      last = error.message
    }
  }
  throw new Error(`${what}: ${typeof last === 'string' ? last : JSON.stringify(last)}`)
}

/** What can be taken back for eight seconds can be for a minute if it was said during an act: others look first. */
export async function stays(page, act) {
  const later = await page.evaluateHandle(() => {
    const usual = window.setTimeout
    window.setTimeout = (what, ms, ...rest) => usual(what, ms === 8000 ? 60_000 : ms, ...rest)
    return usual
  })
  await act()
  await page.evaluate((usual) => {
    window.setTimeout = usual
  }, later)
}
