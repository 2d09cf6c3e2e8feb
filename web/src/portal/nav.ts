import { h, nextTick, shallowReactive, shallowRef, type Component, type FunctionalComponent } from 'vue'
import { base } from './frame'

// The way between the pages of the portal: seven addresses need no more than this.

export interface Page {
  name: string
  /** With `:name` for what differs; '*' is every address that no other page has. */
  path: string
  load: () => Promise<{ default: Component }>
}
export interface Place {
  name: string
  params: Record<string, string>
  query: Record<string, string | undefined>
  path: string
  fullPath: string
}
type Found = Place & { page: Page }

/** The page of an address, and what the address says. */
export function match(pages: Page[], address: string): Found {
  const url = new URL(address, 'http://portal')
  const parts = url.pathname.split('/').filter(Boolean)
  for (const page of pages) {
    const names = page.path.split('/').filter(Boolean)
    const same = names.every((name, index) => name.startsWith(':') || name === parts[index])
    if (page.path !== '*' && !(same && names.length === parts.length)) continue
    const params: Record<string, string> = {}
    names.forEach((name, index) => {
      if (name.startsWith(':')) params[name.slice(1)] = decode(parts[index]!)
    })
    const query = Object.fromEntries(url.searchParams)
    return { page, name: page.name, params, query, path: url.pathname, fullPath: url.pathname + url.search }
  }
  throw new Error(`no page for ${address}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Where we are. A page reads it once when it is made: it is made anew for each path. */
export const route = shallowReactive<Place>({ name: '', params: {}, query: {}, path: '', fullPath: '' })
export const shown = shallowRef<Component>()
let table: Page[] = []
let newest = 0
let moved = false

/** Whether the page now shown was reached from another one, so that focus has to move to its title. */
export const cameFromPage = () => moved

async function show(address: string, settle: (found: Found) => void): Promise<void> {
  const mine = ++newest
  const found = match(table, address)
  let page: Component
  try {
    page = (await found.page.load()).default
  } catch {
    // A newer version was published, or the connection is gone: the browser asks itself, and says so.
    if (mine === newest) location.assign(base + address)
    return
  }
  if (mine !== newest) return
  const { page: _, ...place } = found
  if (route.path && place.path !== route.path) moved = true
  settle(found)
  Object.assign(route, place)
  shown.value = page
  await nextTick()
}

/** How far the page was read is kept with its entry of the history. */
const keepPlace = () => history.replaceState({ ...(history.state as object), top: window.scrollY }, '')

function go(address: string, how: 'pushState' | 'replaceState'): Promise<void> {
  return show(address, ({ fullPath }) => {
    if (how === 'pushState') keepPlace()
    history[how]({}, '', base + fullPath)
  }).then(() => window.scrollTo(0, 0))
}
export const push = (address: string) => go(address, 'pushState')
export const replace = (address: string) => go(address, 'replaceState')

const here = () => location.pathname.slice(base.length) + location.search

/** Shows the page of the present address, and follows the browser's back and forward from then on. */
export async function start(pages: Page[]): Promise<void> {
  table = pages
  history.scrollRestoration = 'manual'
  window.addEventListener('popstate', (event) => {
    const { top = 0 } = (event.state ?? {}) as { top?: number }
    void show(here(), () => {}).then(() => window.scrollTo(0, top))
  })
  window.addEventListener('pagehide', keepPlace)
  await show(here(), () => {})
}

/** A link to another page: the browser's own for everything but a plain click. */
export const RouterLink: FunctionalComponent<{ to: string }> = ({ to }, { slots }) => {
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return
    event.preventDefault()
    void push(to)
  }
  return h('a', { href: base + to, onClick }, slots.default?.())
}
RouterLink.props = ['to']
