// What is looked at in a page at a high zoom or with wider text. This runs in the
// browser, before the page's own scripts (see zoom.mjs), and is then there as
// `zoomEyes`: one call looks at everything.

const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true })
const tiny = (box) => box.width <= 2 || box.height <= 2
/** Only for people who listen: one pixel, cut off on purpose. */
const spoken = (node) => {
  for (let at = node; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at)
    if (style.position === 'absolute' && style.overflow === 'hidden' && tiny(at.getBoundingClientRect())) return true
    if (style.clipPath === 'inset(50%)') return true
  }
  return false
}
const name = (node) => {
  const said = (node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent ?? '').trim().replace(/\s+/g, ' ')
  const own = (node.getAttribute('class') ?? '').split(/\s+/).slice(0, 4).join('.')
  return `${node.tagName.toLowerCase()}${own && `.${own}`} "${said.slice(0, 50)}"`
}
const roll = /auto|scroll/
const cuts = /hidden|clip/
const steady = (node) => ['fixed', 'sticky'].includes(getComputedStyle(node).position)
const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=option], [tabindex="0"]'
/** What is open over the page stands for it. */
const within = () => [...document.querySelectorAll('dialog[open], [role=dialog]')].findLast(shown) ?? document.body

const floats = (node) => {
  for (let at = node; at && at !== document.body; at = at.parentElement) if (steady(at) || at.matches('[popover]')) return true
  return false
}
const largest = (a, b) => (Math.min(a.box.width, a.box.height) >= Math.min(b.box.width, b.box.height) ? a : b)
const middle = ({ box }) => [box.x + box.width / 2, box.y + box.height / 2]
const inSentence = (node) => {
  if (getComputedStyle(node).display !== 'inline') return false
  const block = node.parentElement.closest('p, li, dd, td, th, span, div, label, figcaption')
  return !!block && block.textContent.trim().length > node.textContent.trim().length + 3
}
const scrolls = (node) => roll.test(getComputedStyle(node).overflowY) && node.scrollHeight > node.clientHeight + 1
const lasts = (one) => (one.effect?.getComputedTiming().duration ?? 0) > 1

/** Nothing but data scrolls sideways: tables, charts and code in a region of their own that keys reach. */
function sideways() {
  const found = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth + 1) found.push(`the page is ${root.scrollWidth} px wide at ${root.clientWidth}`)
  for (const node of within().querySelectorAll('*')) {
    if (node.scrollWidth <= node.clientWidth + 1 || !node.clientWidth || !roll.test(getComputedStyle(node).overflowX)) continue
    if (node.matches('textarea, input, select') || !shown(node)) continue
    const reached = node.tabIndex >= 0 && (node.matches('pre') || (node.getAttribute('role') === 'region' && node.hasAttribute('aria-label')))
    const data = node.matches('pre') || node.querySelector('table, [role=table], svg, pre')
    if (!reached || !data) found.push(`scrolls sideways (${node.scrollWidth} in ${node.clientWidth}): ${name(node)}`)
  }
  return found
}

/** How far a box stands out of what cuts it off, on the way up to what scrolls. */
function cut(node, box, slack) {
  let across = true
  let down = true
  for (let at = node; at && at !== document.documentElement; at = at.parentElement) {
    const style = getComputedStyle(at)
    if (style.display === 'inline' || style.display === 'contents') continue
    const room = at.getBoundingClientRect()
    if (down && cuts.test(style.overflowY) && (box.bottom - room.bottom > slack.y || room.top - box.top > slack.y)) return at
    if (across && cuts.test(style.overflowX) && (box.right - room.right > slack.x || room.left - box.left > slack.x)) return at
    if (roll.test(style.overflowY) && at.scrollHeight > at.clientHeight) down = false
    if (roll.test(style.overflowX) && at.scrollWidth > at.clientWidth) across = false
    if (style.position === 'fixed') break
  }
  return null
}

/** What is left of a box when everything around it has cut off and scrolled away its part. */
function left(node, { left: x1, right: x2, top: y1, bottom: y2 }) {
  for (let at = node; at && at !== document.documentElement; at = at.parentElement) {
    const { overflowX, overflowY, display, position } = getComputedStyle(at)
    const room = at.getBoundingClientRect()
    if (display !== 'inline' && overflowX !== 'visible') [x1, x2] = [Math.max(x1, room.left), Math.min(x2, room.right)]
    if (display !== 'inline' && overflowY !== 'visible') [y1, y2] = [Math.max(y1, room.top), Math.min(y2, room.bottom)]
    if (position === 'fixed') break
  }
  return { left: x1, right: x2, top: y1, bottom: y2, width: x2 - x1, height: y2 - y1 }
}

/** Text that ends in dots is whole one step further: where its link leads, or what its summary opens. */
const leadsOn = (node) =>
  !!node.closest('main a[href], [role=dialog] a[href], dialog a[href], summary, button[aria-expanded]') && !node.closest('nav, header')

function pieces() {
  const all = []
  const walker = document.createTreeWalker(within(), NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement
    if (!text.data.trim() || node.matches('option, script, style') || !shown(node) || spoken(node)) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    for (const box of range.getClientRects()) if (!tiny(box)) all.push({ text, node, box, said: text.data.trim().slice(0, 40) })
  }
  return all
}

function cutOff(all) {
  const found = []
  for (const { node, box, said } of all) {
    const by = cut(node, box, { x: 2, y: box.height / 3 })
    if (by && !leadsOn(node)) found.push(`text is cut off: "${said}" by ${name(by)}`)
  }
  return found
}

/** A column so narrow that words stand letter under letter. */
function squeezed(all) {
  const texts = new Map()
  for (const one of all) texts.set(one.text, [...(texts.get(one.text) ?? []), one.box.top])
  const found = []
  for (const [text, tops] of texts) {
    const long = text.data.trim().length
    if (long >= 6 && long / new Set(tops.map(Math.round)).size < 2.5) found.push(`letter under letter: "${text.data.trim().slice(0, 40)}"`)
  }
  return found
}

/** Two texts in one place: neither can be read. What floats or sticks above others is not meant. */
function overlaid(all) {
  const found = []
  const flat = all.filter(({ node }) => !floats(node)).map((one) => ({ ...one, box: left(one.node, one.box) })).filter(({ box }) => !tiny(box))
  for (const [index, one] of flat.entries())
    for (const other of flat.slice(index + 1)) {
      if (one.node.contains(other.node) || other.node.contains(one.node)) continue
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
      const least = Math.min(one.box.height, other.box.height)
      if (wide > 3 && high > least * 0.4) found.push(`"${one.said}" lies over "${other.said}"`)
    }
  return found
}

/** What can be pressed: the control itself, or the label around it. */
function targets() {
  const all = []
  for (const node of within().querySelectorAll(controls)) {
    if (node.disabled || node.closest('[inert], [aria-hidden=true]')) continue
    if (node.matches('[role=region], [role=log], main, div:not([role])') || node.matches('pre')) continue
    const parts = [node, ...(node.labels ?? []), ...node.querySelectorAll('[data-grip]')]
    const boxes = parts.filter((one) => shown(one) && !spoken(one)).map((one) => ({ by: one, box: one.getBoundingClientRect() }))
    if (boxes.length) all.push({ node, ...boxes.reduce(largest) })
  }
  return all
}

/** A control beyond an edge that nothing scrolls to. */
function unreachable(all) {
  const found = []
  for (const { node, by: pressed, box } of all) {
    const by = cut(pressed.parentElement, box, { x: 4, y: box.height / 2 })
    if (by) found.push(`a control is cut off: ${name(node)} by ${name(by)}`)
    const side = getComputedStyle(document.documentElement).direction === 'rtl' ? innerWidth - box.right : box.left
    const still = (at) => at && (getComputedStyle(at).position === 'fixed' || still(at.parentElement))
    const out = box.right > innerWidth + 2 || box.left < -2 || box.bottom > innerHeight + 2 || box.top < -2
    const rolls = (at) => at && ((roll.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) || rolls(at.parentElement))
    if (still(node) && out && !rolls(node.parentElement) && !node.closest('dialog, [popover]')) found.push(`a control is outside: ${name(node)}`)
    else if (side < -2 && !rolls(node.parentElement)) found.push(`a control begins outside: ${name(node)}`)
  }
  return found
}

/** 24 px each way, or 24 px around its middle to itself, or a word of a sentence (2.5.8). */
function small(all, least) {
  const found = []
  for (const one of all) {
    const { node, box } = one
    if ((box.width >= least - 0.5 && box.height >= least - 0.5) || inSentence(node)) continue
    const [x, y] = middle(one)
    const near = all.find((other) => {
      if (other.node === node || other.node.contains(node) || node.contains(other.node)) return false
      const dx = Math.max(other.box.left - x, 0, x - other.box.right)
      const dy = Math.max(other.box.top - y, 0, y - other.box.bottom)
      if (Math.hypot(dx, dy) < least / 2) return true
      if (other.box.width >= least && other.box.height >= least) return false
      const [ox, oy] = middle(other)
      return Math.hypot(ox - x, oy - y) < least
    })
    if (near) found.push(`${Math.round(box.width)}×${Math.round(box.height)} px beside another: ${name(node)}`)
  }
  return found
}

/** In the portal, which phones are for, what is pressed is a finger tip high: all but words of a sentence. */
function low(all) {
  const found = []
  for (const { node, box } of all)
    if (box.height < 43.5 && getComputedStyle(node).display !== 'inline')
      found.push(`${Math.round(box.width)}×${Math.round(box.height)} px: ${name(node)}`)
  return found
}

/** How much of the window stays when the page is scrolled: bars that leave no room to read. */
function bars() {
  const root = document.documentElement
  const rest = [...document.querySelectorAll('main, main *')].filter(scrolls)
  const before = [scrollY, ...rest.map((one) => one.scrollTop)]
  scrollTo(0, root.scrollHeight / 2)
  for (const one of rest) one.scrollTop = one.scrollHeight / 2
  const moves = (from) => {
    for (let at = from; at && at !== root; at = at.parentElement) {
      if (steady(at)) return false
      if (scrolls(at)) return true
    }
    return root.scrollHeight > innerHeight + 1
  }
  let kept = 0
  for (let y = 2; y < innerHeight; y += 4) if (!moves(document.elementFromPoint(innerWidth / 2, y))) kept += 4
  const part = Math.round((100 * kept) / innerHeight)
  const none = !rest.length && root.scrollHeight <= innerHeight + 1
  scrollTo(0, before[0])
  rest.forEach((one, index) => (one.scrollTop = before[index + 1]))
  return !none && part > 40 ? [`${part} % of the window does not scroll`] : []
}

/** Somebody asked for less motion: nothing moves by itself, nothing glides. */
function moving() {
  const found = document.getAnimations().filter(lasts)
  return found.map((one) => `moves although less motion was asked for: ${name(one.effect.target)}`)
}

window.zoomEyes = { sideways, pieces, cutOff, squeezed, overlaid, targets, unreachable, small, low, bars, moving, name, spoken }
