// The script that a shop's site includes: a button, a panel, and in it the
// portal. It knows no customer and no order; what it does is in docs/guides/widget.md.
import { heard, type Said, type Told } from './messages'
import { build } from './panel'

/** What the server writes into the script as it serves it. */
export interface Look {
  accent?: [string, string]
}
type Token = string | null | undefined
type Source = Token | (() => Token | Promise<Token>)
type Moment = 'ready' | 'open' | 'close'

/** How long the portal may take before the panel offers another way. */
const patience = 15_000

export function start(look: Look, script: HTMLScriptElement) {
  const { launcher = '', token = '', order = '', ...wishes } = script.dataset
  const origin = new URL(script.src).origin
  const own = launcher && launcher !== 'none' ? launcher : ''
  const {
    host,
    button,
    panel,
    frame,
    close: shut,
    lang,
    show,
    link,
  } = build({
    ...wishes,
    ...look,
    origin,
    launcher: !launcher,
  })
  const listeners: Record<Moment, Set<() => void>> = { ready: new Set(), open: new Set(), close: new Set() }
  let source: Source = token
  let gone = false
  let ready = false
  let wish = order
  let timer = 0
  let high = 640

  const emit = (moment: Moment) => listeners[moment].forEach((listener) => listener())
  const say = (message: Told) => frame.contentWindow?.postMessage({ aftercare: 1, ...message }, origin)
  async function ask(): Promise<string> {
    try {
      return (await (typeof source === 'function' ? source() : source)) || ''
    } catch {
      return ''
    }
  }

  function load(): void {
    const address = new URL('/widget', origin)
    address.search = String(new URLSearchParams({ lang, theme: wishes.theme || '', host: location.origin }))
    show('wait')
    frame.src = address.href
    clearTimeout(timer)
    timer = window.setTimeout(() => ready || show('trouble'), patience)
  }

  function open(options: { order?: string } = {}): void {
    wish = options.order || (ready ? '' : wish)
    if (!host.isConnected) attach()
    if (!frame.src) load()
    if (!panel.open) {
      // As high as its page was, from now on until it is closed: a panel that grows moves before the eyes.
      panel.style.setProperty('--h', high + 'px')
      panel.showModal()
      button.setAttribute('aria-expanded', 'true')
      emit('open')
    }
    if (!ready) return
    frame.focus()
    say({ type: 'open', order: wish })
  }

  const close = () => panel.close()
  panel.addEventListener('close', () => {
    button.setAttribute('aria-expanded', 'false')
    emit('close')
  })
  panel.addEventListener('click', (event) => event.target === panel && close())
  shut.addEventListener('click', close)
  button.addEventListener('click', () => open())
  if (own)
    document.addEventListener('click', (event) => {
      const found = (event.target as Element).closest?.<HTMLElement>(own)
      if (!found || event.defaultPrevented) return
      event.preventDefault()
      open({ order: found.dataset.order })
    })

  async function answer(message: Said): Promise<void> {
    if (message.type === 'hello') {
      ready = false
      const given = await ask()
      say({ type: 'start', token: given, signedOut: gone || (typeof source === 'function' && !given), order: wish })
    } else if (message.type === 'token') say({ type: 'token', token: await ask() })
    else if (message.type === 'close') close()
    else if (message.type === 'resize') {
      high = Math.min(Math.max(420, Math.ceil(Number(message.height)) || 0), 760)
    } else if (message.type === 'ready') {
      ready = true
      wish = ''
      gone = false
      clearTimeout(timer)
      show('portal')
      if (panel.open) frame.focus()
      emit('ready')
    }
  }
  addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow || !frame.contentWindow) return
    const message = heard<Said>(event.data)
    if (message) void answer(message)
  })
  // A site that the shop does not list gets a page that stays empty: soon after it there is no word from the portal.
  frame.addEventListener('load', () => {
    if (!frame.src || ready) return
    clearTimeout(timer)
    timer = window.setTimeout(() => ready || show('trouble'), patience / 3)
  })
  link.addEventListener('click', () => close())

  const attach = () => void (document.body || document.documentElement).append(host)
  if (document.body) attach()
  else addEventListener('DOMContentLoaded', attach)

  return {
    /** Opens the panel, for an order where its number is given. */
    open,
    /** Closes it; what was typed stays. */
    close,
    /** Calls a function at a moment, until what it returns is called. */
    on(moment: Moment, listener: () => void): () => void {
      listeners[moment]?.add(listener)
      return () => listeners[moment]?.delete(listener)
    },
    /** Gives the signed token of the customer, or a function that gives a fresh one whenever it is asked. */
    token(next: Source): void {
      source = next
      if (ready) void ask().then((given) => say(given ? { type: 'token', token: given } : { type: 'signout' }))
    },
    /** The customer has signed out of the site. */
    signOut(): void {
      source = ''
      gone = !ready
      if (ready) say({ type: 'signout' })
    },
  }
}
