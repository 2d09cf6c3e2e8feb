import { api, configureClient } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { wear } from '@/lib/theme'
import { away, base, head } from '../frame'
import { match, push, replace, route } from '../nav'
import { pages, signedOut } from '../router'
import { forget, resume, session, signIn, signOut } from '../session'
import { goBack, onBack } from './back'
import { ask, elsewhere, on, own, say } from './host'
import { about, keepsCookies, signedFor, signFor } from './token'
import { save } from './save'
import WidgetHead from './WidgetHead.vue'

const leaveSession = () =>
  signOut()
    .catch(forget)
    .then(() => signFor(''))

/** Signs in with a token of the shop, unless its customer is signed in already. */
async function enter(token: string): Promise<boolean> {
  const { who } = about(token)
  if (who && who === signedFor() && (await resume(true))) return true
  try {
    await signIn({ token }, new Intent())
    signFor(who)
    return true
  } catch {
    await leaveSession()
    return false
  }
}

/** The page of an order, or of all orders, or the one to look up. */
async function pageOf(order: string): Promise<string> {
  const known = await resume(true)
  if (!order) return known ? '/orders' : '/'
  const lookUp = `/?${new URLSearchParams({ order })}`
  if (!known) return lookUp
  try {
    const { items } = await api('GET /v1/my/orders')
    const found = items.find((one) => one.number === order)
    return found ? `/orders/${found.id}` : lookUp
  } catch {
    return lookUp
  }
}

/** Loads the page that is shown once more, as the site had it. */
const again = () => location.replace(`${base}${route.path}?${own}`)

/** Keeps away from the site around us whatever leaves the widget: it goes to a new tab, and files are downloaded. */
function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest?.<HTMLAnchorElement>('a[href]')
  if (!link) return
  const url = new URL(link.href)
  if (!/^https?:$/.test(url.protocol)) return
  const mine = url.origin === location.origin
  if (mine && url.pathname.startsWith('/v1/')) {
    // A new tab would not be signed in: its cookies are others.
    event.preventDefault()
    void save(url, link.download || url.pathname.split('/').pop() || 'file')
    return
  }
  if (mine && (url.pathname === base || url.pathname.startsWith(`${base}/`))) return
  const page = mine && match(pages, url.pathname)
  if (page && ['lookup', 'orders', 'order', 'return', 'case'].includes(page.name)) {
    event.preventDefault()
    void push(url.pathname + url.search)
    return
  }
  link.target = '_blank'
  link.rel = 'noopener'
}

async function renew(): Promise<void> {
  forget()
  const answer = await ask({ type: 'token' }, 'token')
  if (answer?.token && (await enter(answer.token))) again()
  else signedOut()
}

function listen(): void {
  onBack(again)
  on('open', async ({ order }) => {
    document.querySelector<HTMLElement>('#main h1, #main')?.focus({ preventScroll: true })
    const to = order && (await pageOf(order))
    if (to && to !== `/orders/${route.params.orderId ?? route.params.id}`) void push(to)
  })
  on('token', async ({ token }) => {
    if (!token || elsewhere.value) return
    const before = session.value?.customer.id
    if ((await enter(token)) && session.value?.customer.id !== before) void replace('/orders')
  })
  on('signout', () => leaveSession().then(() => replace('/')))
  document.addEventListener('click', follow)
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]'))
      say({ type: 'close' })
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && away.value) again()
  })
}

/** Makes the portal the inside of a widget: asks the site what to show, and signs its customer in. */
export async function begin(): Promise<void> {
  const here = location.pathname.slice(base.length) || '/'
  if (window.parent === window) {
    // A widget by itself is the portal, or somebody who comes back from paying.
    await goBack()
    location.replace(here)
    return new Promise(() => {})
  }
  head.value = WidgetHead
  const theme = own.get('theme')
  if (theme === 'light' || theme === 'dark') wear(theme)
  document.documentElement.style.overscrollBehavior = 'contain'
  configureClient({ signedOut: () => void renew() })
  const told = await ask({ type: 'hello' }, 'start')
  listen()
  const token = told?.token ?? ''
  const order = told?.order || about(token).order
  if (!keepsCookies()) {
    elsewhere.value = token ? `/link/shop#token=${token}` : order ? `/?${new URLSearchParams({ order })}` : '/'
    return
  }
  const gone = told?.signedOut && signedFor()
  if (gone) await leaveSession()
  if (token) await enter(token)
  if (here === '/') history.replaceState({}, '', base + (await pageOf(order)))
}
