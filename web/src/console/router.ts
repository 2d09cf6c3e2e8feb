import type { Component } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { configureClient } from '@/lib/client'
import { withSeal } from '@/seal/load'
import { withEvents } from './audit/load'
import { withCalendars } from './calendars/load'
import { withFigures } from './insight/load'
import { withTalk } from './talk/load'
import { withInbox } from './inbox/load'
import { withTexts } from './policies/load'
import { withRights } from './rights/load'
import { forget, half, may, restore } from './session'
import { withBench } from './warehouse/load'
import { withAdmin } from './webhooks/load'

declare module 'vue-router' {
  interface RouteMeta {
    /** One of these permissions opens the page. */
    need?: string[]
    open?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/signin', name: 'signin', component: () => import('./pages/SignIn.vue'), meta: { open: true } },
  { path: '/', name: 'home', component: () => import('./pages/MissingPage.vue') },
  {
    path: '/cases',
    component: withInbox(() => import('./inbox/CasesPage.vue')),
    meta: { need: ['case.read'] },
    children: [
      { path: '', name: 'cases', component: () => import('./inbox/NothingChosen.vue') },
      { path: ':id', name: 'case', component: withRights(() => import('./case/CasePage.vue')) },
    ],
  },
  {
    path: '/warehouse',
    name: 'warehouse',
    component: withBench(() => import('./warehouse/ScanPage.vue')),
    meta: { need: ['case.receive'] },
  },
  {
    path: '/warehouse/:id',
    name: 'bench',
    component: withBench(() => import('./warehouse/BenchPage.vue')),
    meta: { need: ['case.receive'] },
  },
  {
    path: '/insight',
    name: 'insight',
    component: withFigures(() => import('./insight/InsightPage.vue')),
    meta: { need: ['insight.read'] },
  },
  {
    path: '/ratings',
    name: 'ratings',
    component: withFigures(() => import('./ratings/RatingsPage.vue')),
    meta: { need: ['insight.read'] },
  },
  {
    path: '/orders',
    name: 'orders',
    component: () => import('./orders/OrdersPage.vue'),
    meta: { need: ['order.read'] },
  },
  {
    path: '/orders/:id',
    name: 'order',
    component: () => import('./orders/OrderPage.vue'),
    meta: { need: ['order.read'] },
  },
  {
    path: '/orders/:id/return',
    name: 'open',
    component: () => import('./orders/OpenReturn.vue'),
    meta: { need: ['case.open'] },
  },
  {
    path: '/payouts',
    name: 'payouts',
    component: () => import('./payouts/PayoutsPage.vue'),
    meta: { need: ['payout.read'] },
  },
  {
    path: '/chargebacks',
    name: 'chargebacks',
    component: () => import('./money/ChargebacksPage.vue'),
    meta: { need: ['payout.read'] },
  },
  {
    path: '/charges',
    name: 'charges',
    component: () => import('./money/ChargesPage.vue'),
    meta: { need: ['charge.read'] },
  },
  {
    path: '/clearing',
    name: 'clearing',
    component: () => import('./money/ClearingPage.vue'),
    meta: { need: ['clearing.read'] },
  },
  {
    path: '/stock',
    name: 'stock',
    component: () => import('./goods/StockPage.vue'),
    meta: { need: ['stock.read'] },
  },
  {
    path: '/products',
    name: 'products',
    component: () => import('./goods/ProductsPage.vue'),
    meta: { need: ['product.read'] },
  },
  {
    path: '/pickups',
    name: 'pickups',
    component: withBench(() => import('./goods/PickUpsPage.vue')),
    meta: { need: ['parcel.scan', 'case.decide'] },
  },
  {
    path: '/stopped',
    name: 'stopped',
    component: withBench(() => import('./goods/StoppedPage.vue')),
    meta: { need: ['parcel.scan', 'case.decide'] },
  },
  {
    path: '/audit',
    name: 'audit',
    component: withEvents(() => import('./audit/AuditPage.vue')),
    meta: { need: ['audit.read'] },
  },
  {
    path: '/customers',
    name: 'customers',
    component: withTexts(() => import('./customers/CustomersPage.vue')),
    meta: { need: ['customer.read'] },
  },
  {
    path: '/customers/:id',
    name: 'customer',
    component: withTexts(() => import('./customers/CustomerPage.vue')),
    meta: { need: ['customer.read'] },
  },
  {
    path: '/log',
    name: 'log',
    component: withSeal(() => import('./seal/LogPage.vue')),
    meta: { need: ['audit.read'] },
  },
  {
    path: '/reads',
    name: 'reads',
    component: withSeal(() => import('./seal/ReadsPage.vue')),
    meta: { need: ['privacy.read'] },
  },
  {
    path: '/customers/:id/wallet',
    name: 'wallet',
    component: () => import('./wallet/WalletPage.vue'),
    meta: { need: ['wallet.read'] },
  },
  ...(
    [
      ['/policies', 'policies', () => import('./policies/PoliciesPage.vue'), 'terms.read'],
      ['/policies/:id', 'policy', () => import('./policies/PolicyPage.vue'), 'terms.read'],
      ['/policies/:id/edit', 'policy-edit', () => import('./policies/EditPage.vue'), 'terms.read'],
      ['/policies/:id/compare', 'policy-compare', () => import('./policies/ComparePage.vue')],
      ['/backtests', 'backtests', () => import('./backtest/RunsPage.vue')],
      ['/backtests/:id', 'backtest', () => import('./backtest/RunPage.vue')],
      ['/what-if', 'what-if', () => import('./backtest/WhatIfPage.vue')],
    ] as [string, string, () => Promise<Component>, string?][]
  ).map(([path, name, page, need = 'policy.read']) => ({ path, name, component: withTexts(page), meta: { need: [need] } })),
  { path: '/jobs', name: 'jobs', component: () => import('./jobs/JobsPage.vue'), meta: { need: ['job.read'] } },
  {
    path: '/rights',
    name: 'rights',
    component: withRights(() => import('./rights/RightsPage.vue')),
    meta: { need: ['rights.read'] },
  },
  {
    path: '/rights/try',
    name: 'rights-try',
    component: withRights(() => import('./rights/TryPage.vue')),
    meta: { need: ['rights.read'] },
  },
  {
    path: '/rights/:place',
    name: 'rights-of',
    component: withRights(() => import('./rights/PackPage.vue')),
    meta: { need: ['rights.read'] },
  },
  {
    path: '/calendars',
    name: 'calendars',
    component: withCalendars(() => import('./calendars/CalendarsPage.vue')),
    meta: { need: ['calendar.read'] },
  },
  {
    path: '/staff',
    name: 'staff',
    component: () => import('./staff/StaffPage.vue'),
    meta: { need: ['staff.manage', 'key.manage'] },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./settings/SettingsPage.vue'),
    meta: { need: ['shop.manage'] },
  },
  {
    path: '/brand',
    name: 'brand',
    component: withAdmin(() => import('./brand/BrandPage.vue')),
    meta: { need: ['shop.manage'] },
  },
  {
    path: '/widget',
    name: 'widget',
    component: withAdmin(() => import('./widget/WidgetPage.vue')),
    meta: { need: ['shop.manage'] },
  },
  {
    path: '/payment-accounts',
    name: 'payment-accounts',
    component: withAdmin(() => import('./accounts/PaymentsPage.vue')),
    meta: { need: ['account.manage'] },
  },
  {
    path: '/carriers',
    name: 'carriers',
    component: withAdmin(() => import('./accounts/CarriersPage.vue')),
    meta: { need: ['account.manage'] },
  },
  {
    path: '/replies',
    name: 'replies',
    component: withAdmin(withTalk(() => import('./replies/RepliesPage.vue'))),
    meta: { need: ['message.write'] },
  },
  {
    path: '/templates',
    name: 'templates',
    component: withAdmin(() => import('./templates/TemplatesPage.vue')),
    meta: { need: ['template.manage'] },
  },
  {
    path: '/templates/:kind/:language',
    name: 'template',
    component: withAdmin(() => import('./templates/TemplatePage.vue')),
    meta: { need: ['template.manage'] },
  },
  {
    path: '/webhooks',
    name: 'webhooks',
    component: withAdmin(withEvents(() => import('./webhooks/WebhooksPage.vue'))),
    meta: { need: ['webhook.manage'] },
  },
  {
    path: '/webhooks/:id',
    name: 'webhook',
    component: withAdmin(withEvents(() => import('./webhooks/WebhookPage.vue'))),
    meta: { need: ['webhook.manage'] },
  },
  { path: '/security', name: 'security', component: () => import('./security/SecurityPage.vue') },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
]

export const router = createRouter({ history: createWebHistory('/console/'), routes })

/** Where to go after signing in: only to pages of the console. */
export function safeBack(back: unknown): string {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) && !back.startsWith('/signin') ? back : '/'
}

/** The warehouse starts at the scanner, everybody else with the cases. */
export const home = (): string => (may('case.receive') && !may('case.decide') ? '/warehouse' : '/cases')

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  // Where the day starts depends on the role, which is known only now.
  if (await restore()) {
    if (half.value && to.name !== 'security') return { name: 'security', query: { back: to.fullPath } }
    return to.name === 'home' ? home() : true
  }
  return { name: 'signin', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
})

/** The session has ended, and not by who was signed in. */
export function signedOut(): void {
  const now = router.currentRoute.value
  forget()
  if (now.name === 'signin') return
  void router.replace({ name: 'signin', query: { back: now.fullPath, why: 'expired' } })
}
configureClient({
  held: () => {
    const now = router.currentRoute.value
    half.value = true
    if (now.name !== 'security') void router.replace({ name: 'security', query: { back: now.fullPath } })
  },
  signedOut,
})
