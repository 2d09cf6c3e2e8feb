import { createRouter, createWebHistory } from 'vue-router'
import { configureClient } from '@/lib/client'
import { kept } from '@/lib/keep'
import { forget } from './session'

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', name: 'lookup', component: () => import('./pages/LookupPage.vue') },
    { path: '/link/:token', name: 'link', component: () => import('./pages/LinkPage.vue') },
    { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue') },
    { path: '/orders/:id', name: 'order', component: () => import('./pages/OrderPage.vue') },
    { path: '/return/:orderId', name: 'return', component: () => import('./pages/ReturnPage.vue') },
    { path: '/cases/:id', name: 'case', component: () => import('./pages/CasePage.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
  ],
})

let moved = false
router.afterEach((to, from) => {
  if (from.matched.length > 0 && to.path !== from.path) moved = true
})
/** Whether the page now shown was reached from another one, so that focus has to move to its title. */
export const cameFromPage = () => moved

/** Where to go after signing in: only to our own pages. */
export function safeBack(back: unknown): string {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : ''
}

configureClient({
  signedOut: () => {
    const why = kept('signed_in') ? 'expired' : 'unknown'
    forget()
    const now = router.currentRoute.value
    if (now.name === 'lookup' || now.name === 'link') return
    void router.replace({ name: 'lookup', query: { back: now.fullPath, why } })
  },
})
