import { Banknote, Cog, Inbox, PackageSearch, ScrollText, ShoppingBag, Store, UsersRound } from '@lucide/vue'
import { computed, type Component } from 'vue'
import type { Key } from '@/i18n'
import { may } from './session'

export interface Place {
  name: string
  to: string
  label: Key
  icon: Component
  need: string[]
  /** The key after g. */
  code: string
  /** Other words people look for it by, also in pinyin. */
  words: string
}

const all: Place[] = [
  {
    name: 'cases',
    to: '/cases',
    label: 'nav.cases',
    icon: Inbox,
    need: ['case.read'],
    code: 'KeyI',
    words: 'inbox shouhoudan anjian tuihuo return',
  },
  {
    name: 'warehouse',
    to: '/warehouse',
    label: 'nav.warehouse',
    icon: PackageSearch,
    need: ['case.receive'],
    code: 'KeyW',
    words: 'scan cangku saoma yanhuo parcel',
  },
  {
    name: 'orders',
    to: '/orders',
    label: 'nav.orders',
    icon: ShoppingBag,
    need: ['order.read'],
    code: 'KeyO',
    words: 'dingdan',
  },
  {
    name: 'payouts',
    to: '/payouts',
    label: 'nav.payouts',
    icon: Banknote,
    need: ['payout.read'],
    code: 'KeyM',
    words: 'refund money tuikuan',
  },
  {
    name: 'policies',
    to: '/policies',
    label: 'nav.policies',
    icon: ScrollText,
    need: ['policy.read'],
    code: 'KeyP',
    words: 'rules guize zhengce',
  },
  {
    name: 'jobs',
    to: '/jobs',
    label: 'nav.jobs',
    icon: Cog,
    need: ['job.read'],
    code: 'KeyB',
    words: 'queue dead renwu zuoye',
  },
  {
    name: 'staff',
    to: '/staff',
    label: 'nav.staff',
    icon: UsersRound,
    need: ['staff.manage', 'key.manage'],
    code: 'KeyS',
    words: 'api keys users yuangong miyao',
  },
  {
    name: 'settings',
    to: '/settings',
    label: 'nav.settings',
    icon: Store,
    need: ['shop.manage'],
    code: 'KeyT',
    words: 'settings address zone currency shangdian shezhi dizhi',
  },
]

/** Where this person may go. */
export const places = computed(() => all.filter((place) => place.need.some(may)))
