import { style } from './style'
import { nearest, words } from './words'

export interface Wishes {
  origin: string
  lang?: string
  theme?: string
  side?: string
  label?: string
  accent?: [string, string]
  launcher: boolean
}

type Maker = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name?: string,
  attributes?: Record<string, string>,
) => HTMLElementTagNameMap[K]

const make: Maker = (tag, name = '', attributes = {}) => {
  const made = document.createElement(tag)
  if (name) made.className = name
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

/** A drawing of strokes. */
function icon(path: string): SVGElement {
  const ns = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(ns, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(ns, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

/** Button, panel and frame, in a shadow tree at the end of the page; nothing of the page moves. */
export function build(wishes: Wishes) {
  const lang = nearest([wishes.lang, document.documentElement.lang, ...navigator.languages])
  const say = words[lang]!
  const label = wishes.label || say.label
  const host = make('aftercare-widget' as 'div', wishes.side === 'start' ? 'start' : '', {
    lang,
    dir: lang === 'ar' ? 'rtl' : 'ltr',
  })
  const tree = host.attachShadow({ mode: 'open' })
  const sheet = style(wishes.accent)
  // A style sheet that a script makes passes the strictest policy of a site.
  if ('replaceSync' in CSSStyleSheet.prototype && 'adoptedStyleSheets' in tree) {
    const made = new CSSStyleSheet()
    made.replaceSync(sheet)
    tree.adoptedStyleSheets = [made]
  } else {
    const old = make('style')
    old.textContent = sheet
    ;(tree as ShadowRoot).append(old)
  }

  const system = matchMedia('(prefers-color-scheme: dark)')
  const dark = () => wishes.theme === 'dark' || (wishes.theme !== 'light' && system.matches)
  const paint = () => host.classList.toggle('dark', dark())
  system.addEventListener('change', paint)
  paint()

  const button = make('button', 'b', { type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false' })
  button.append(icon('M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11'), label)
  button.hidden = !wishes.launcher
  const panel = make('dialog', '', { 'aria-label': label })
  const frame = make('iframe', '', { title: label, allow: 'camera; geolocation; clipboard-write', hidden: '' })
  const wait = make('div', 'w')
  const turning = make('div', 'o', { role: 'status', 'aria-label': '…' })
  const trouble = make('p', 't', { role: 'alert' })
  const link = make('a', 'l', { href: wishes.origin + '/?lang=' + lang, target: '_blank', rel: 'noopener' })
  link.textContent = say.tab
  const close = make('button', 'x', { type: 'button', 'aria-label': say.close })
  close.append(icon('M18 6 6 18M6 6l12 12'))
  wait.append(turning, trouble, link, close)
  panel.append(frame, wait)
  tree.append(button, panel)

  /** The panel waits for the portal, shows it, or says why it cannot. */
  function show(what: 'wait' | 'portal' | 'trouble'): void {
    wait.hidden = what === 'portal'
    frame.hidden = what === 'trouble'
    turning.hidden = what !== 'wait'
    link.hidden = trouble.hidden = what !== 'trouble'
    trouble.textContent = what === 'trouble' ? say.trouble : ''
  }
  show('wait')
  return { host, button, panel, frame, close, lang, show, link }
}
