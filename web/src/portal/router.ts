import { configureClient } from '@/lib/client'
import { kept } from '@/lib/keep'
import { replace, route, type Page } from './nav'
import { withRights, withTexts } from './rights'
import { forget } from './session'

export const pages: Page[] = [
  { path: '/', name: 'lookup', load: () => import('./pages/LookupPage.vue') },
  { path: '/link/:token', name: 'link', load: () => import('./pages/LinkPage.vue') },
  { path: '/orders', name: 'orders', load: () => import('./pages/OrdersPage.vue') },
  { path: '/orders/:id', name: 'order', load: () => import('./pages/OrderPage.vue') },
  { path: '/return/:orderId', name: 'return', load: () => import('./pages/ReturnPage.vue') },
  { path: '/cases/:id', name: 'case', load: () => import('./pages/CasePage.vue') },
  { path: '/wallet', name: 'wallet', load: withTexts(() => import('./pages/WalletPage.vue')) },
  { path: '/rights', name: 'rights', load: withRights(() => import('./pages/RightsPage.vue')) },
  { path: '*', name: 'missing', load: () => import('./pages/MissingPage.vue') },
]

/** Where to go after signing in: only to our own pages. */
export function safeBack(back: unknown): string {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : ''
}

/** Somebody has to sign in anew: afterwards he is where he was. */
export function signedOut(): void {
  const why = kept('signed_in') ? 'expired' : 'unknown'
  forget()
  if (route.name === 'lookup' || route.name === 'link') return
  void replace(`/?${new URLSearchParams({ back: route.fullPath, why })}`)
}
configureClient({ signedOut })
