// Whether the focus can be seen where it is now; runs in the browser beside
// zoom-page.mjs.

function focused() {
  const { name, spoken } = window.zoomEyes
  const node = document.activeElement
  if (!node || node === document.body) return { end: true, found: [] }
  // A day has several fields in one.
  const most = node.matches('[type=date], [type=time], [type=datetime-local], [type=month]') ? 7 : 1
  window.zoomSame = node === window.zoomLast ? window.zoomSame + 1 : 1
  window.zoomLast = node
  if (window.zoomSame > most) return { end: true, found: [`Tab does not leave ${name(node)}`] }
  const found = []
  // What is pressed for a hidden field is its label, or what stands beside it.
  const seen = spoken(node) || getComputedStyle(node).opacity === '0' ? (node.labels?.[0] ?? node.parentElement) : node
  const box = seen.getBoundingClientRect()
  const left = Math.max(box.left, 0)
  const right = Math.min(box.right, innerWidth)
  const top = Math.max(box.top, 0)
  const bottom = Math.min(box.bottom, innerHeight)
  if (right - left < 2 || bottom - top < 2) found.push(`the focus is out of sight: ${name(node)}`)
  else {
    const own = (at) => at && at !== document.body && (seen.contains(at) || at.contains(seen) || node.contains(at))
    const marks = [0.1, 0.5, 0.9]
    const points = marks.flatMap((x) => marks.map((y) => [left + (right - left) * x, top + (bottom - top) * y]))
    if (!points.some(([x, y]) => own(document.elementFromPoint(x, y)))) found.push(`the focus is covered: ${name(node)}`)
  }
  if (!ring(node)) found.push(`no ring: ${name(node)}`)
  return { end: false, found }
}

/** An outline of 2 px of the control, its label, its neighbour, or of the box around it; not cut off on all sides. */
function ring(node) {
  const near = [node, node.labels?.[0], node.nextElementSibling, node.parentElement, node.parentElement?.parentElement, node.parentElement?.parentElement?.parentElement]
  return near.some((at) => at && drawn(at))
}
function drawn(at) {
  const style = getComputedStyle(at)
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5 && open(at, style)
}

/** At least two sides of the ring are not cut off. */
function open(at, style) {
  const grow = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth)
  const own = at.getBoundingClientRect()
  const out = { left: own.left - grow, right: own.right + grow, top: own.top - grow, bottom: own.bottom + grow }
  const sides = new Set(['left', 'right', 'top', 'bottom'])
  if (out.left < 0) sides.delete('left')
  if (out.right > innerWidth) sides.delete('right')
  if (out.top < 0) sides.delete('top')
  if (out.bottom > innerHeight) sides.delete('bottom')
  for (let up = at.parentElement; up && up !== document.documentElement; up = up.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(up)
    const room = up.getBoundingClientRect()
    if (overflowX !== 'visible' && out.left < room.left - 0.5) sides.delete('left')
    if (overflowX !== 'visible' && out.right > room.right + 0.5) sides.delete('right')
    if (overflowY !== 'visible' && out.top < room.top - 0.5) sides.delete('top')
    if (overflowY !== 'visible' && out.bottom > room.bottom + 0.5) sides.delete('bottom')
  }
  return sides.size >= 2
}

window.zoomFocused = focused
