import {
  Banknote,
  Boxes,
  ChartColumn,
  Cog,
  Contact,
  FileClock,
  Inbox,
  PackageSearch,
  Scale,
  ScrollText,
  ShoppingBag,
  Smile,
  Store,
  UsersRound,
} from '@lucide/vue'
import { computed, type Component } from 'vue'
import type { Key } from '@/i18n'
import { may } from './session'

export interface Place {
  name: string
  to: string
  label: Key
  icon: Component
  need: string[]
  /** The key after g; the palette leads to pages without one. */
  code?: string
  /** Other words people look for it by, also in pinyin. */
  words: string
  /** Pages that belong together stand as one in the rail. */
  group?: Group
}
export type Group = 'money' | 'goods' | 'rules' | 'shop' | 'record'

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
    name: 'insight',
    to: '/insight',
    label: 'nav.insight',
    icon: ChartColumn,
    need: ['insight.read'],
    code: 'KeyD',
    words: 'dashboard figures report shuju baobiao tongji',
  },
  {
    name: 'ratings',
    to: '/ratings',
    label: 'nav.ratings',
    icon: Smile,
    need: ['insight.read'],
    code: 'KeyJ',
    words: 'csat satisfaction score pingjia manyidu',
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
    name: 'customers',
    to: '/customers',
    label: 'nav.customers',
    icon: Contact,
    need: ['customer.read'],
    code: 'KeyU',
    words: 'kehu huiyuan dengji tier member buyer',
  },
  {
    name: 'payouts',
    to: '/payouts',
    label: 'nav.payouts',
    icon: Banknote,
    need: ['payout.read'],
    code: 'KeyM',
    words: 'refund money tuikuan',
    group: 'money',
  },
  {
    name: 'chargebacks',
    to: '/chargebacks',
    label: 'nav.chargebacks',
    icon: Banknote,
    need: ['payout.read'],
    code: 'KeyH',
    words: 'dispute jufu zhengyi',
    group: 'money',
  },
  {
    name: 'charges',
    to: '/charges',
    label: 'nav.charges',
    icon: Banknote,
    need: ['charge.read'],
    code: 'KeyC',
    words: 'owed difference yingshou bucha',
    group: 'money',
  },
  {
    name: 'clearing',
    to: '/clearing',
    label: 'nav.clearing',
    icon: Banknote,
    need: ['clearing.read'],
    code: 'KeyL',
    words: 'books settlement fenzhang jiesuan',
    group: 'money',
  },
  {
    name: 'stock',
    to: '/stock',
    label: 'nav.stock',
    icon: Boxes,
    need: ['stock.read'],
    code: 'KeyK',
    words: 'movements inventory kucun quxiang',
    group: 'goods',
  },
  {
    name: 'products',
    to: '/products',
    label: 'nav.products',
    icon: Boxes,
    need: ['product.read'],
    code: 'KeyR',
    words: 'catalogue articles shangpin huohao',
    group: 'goods',
  },
  {
    name: 'pickups',
    to: '/pickups',
    label: 'nav.pickups',
    icon: Boxes,
    need: ['parcel.scan', 'case.decide'],
    code: 'KeyF',
    words: 'slots bookings fetch qujian yuyue shangmen',
    group: 'goods',
  },
  {
    name: 'stopped',
    to: '/stopped',
    label: 'nav.stopped',
    icon: Boxes,
    need: ['parcel.scan', 'case.decide'],
    code: 'KeyZ',
    words: 'intercept reroute lanjie baoguo',
    group: 'goods',
  },
  {
    name: 'policies',
    to: '/policies',
    label: 'nav.policies',
    icon: ScrollText,
    need: ['terms.read'],
    code: 'KeyP',
    words: 'rules guize zhengce',
    group: 'rules',
  },
  {
    name: 'backtests',
    to: '/backtests',
    label: 'nav.backtests',
    icon: ScrollText,
    need: ['policy.read'],
    code: 'KeyE',
    words: 'try past what if huice jiashe',
    group: 'rules',
  },
  {
    name: 'rights',
    to: '/rights',
    label: 'nav.rights',
    icon: Scale,
    need: ['rights.read'],
    code: 'KeyY',
    words: 'law statutory falv quanli fagui guojia country',
  },
  {
    name: 'calendars',
    to: '/calendars',
    label: 'nav.calendars',
    icon: Scale,
    need: ['calendar.read'],
    words: 'working days hours holidays closures rili gongzuori jiejiari tiaoxiu chunjie',
    group: 'rules',
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
    name: 'audit',
    to: '/audit',
    label: 'nav.audit',
    icon: FileClock,
    need: ['audit.read'],
    code: 'KeyA',
    words: 'log history shenji rizhi',
    group: 'record',
  },
  {
    name: 'log',
    to: '/log',
    label: 'nav.log',
    icon: FileClock,
    need: ['audit.read'],
    code: 'KeyV',
    words: 'seal verify evidence fengcun heyan',
    group: 'record',
  },
  {
    name: 'reads',
    to: '/reads',
    label: 'nav.reads',
    icon: FileClock,
    need: ['privacy.read'],
    code: 'KeyQ',
    words: 'privacy access erase chayue yinsi',
    group: 'record',
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
    group: 'shop',
  },
  {
    name: 'brand',
    to: '/brand',
    label: 'nav.brand',
    icon: Store,
    need: ['shop.manage'],
    words: 'brand logo colour look pinpai waiguan yanse tubiao',
    group: 'shop',
  },
  {
    name: 'widget',
    to: '/widget',
    label: 'nav.widget',
    icon: Store,
    need: ['shop.manage'],
    words: 'embed iframe script site xiaozujian qianru wangzhan',
    group: 'shop',
  },
  {
    name: 'payment-accounts',
    to: '/payment-accounts',
    label: 'nav.payment_accounts',
    icon: Store,
    need: ['account.manage'],
    words: 'stripe alipay wechat pay payments zhifubao weixin shoukuan zhanghu',
    group: 'shop',
  },
  {
    name: 'carriers',
    to: '/carriers',
    label: 'nav.carriers',
    icon: Store,
    need: ['account.manage'],
    words: 'kuaidi100 easypost shipping wuliu kuaidi',
    group: 'shop',
  },
  {
    name: 'templates',
    to: '/templates',
    label: 'nav.templates',
    icon: Store,
    need: ['template.manage'],
    code: 'KeyX',
    words: 'e-mail words youjian moban wenzi',
    group: 'shop',
  },
  {
    name: 'replies',
    to: '/replies',
    label: 'nav.replies',
    icon: Store,
    need: ['message.write'],
    words: 'canned ready-made macros kuaijie huifu changyong',
    group: 'shop',
  },
  {
    name: 'webhooks',
    to: '/webhooks',
    label: 'nav.webhooks',
    icon: Store,
    need: ['webhook.manage'],
    code: 'KeyN',
    words: 'events api integration tongzhi huidiao',
    group: 'shop',
  },
]

/** Where this person may go. */
export const places = computed(() => all.filter((place) => place.need.some(may)))

/** One entry for each group: the first of its pages that this person may open. */
export const railPlaces = computed(() =>
  places.value.filter((place, index, list) => {
    const first = list.findIndex((one) => one.group && one.group === place.group)
    return !place.group || first === index
  }),
)

/** What a place is called in the rail. */
export const railLabel = (place: Place): Key => (place.group ? `nav.group.${place.group}` : place.label)

/** The keys that lead to a place, as people read them. */
export const keysTo = ({ code }: Place): string => (code ? `g ${code.slice(3).toLowerCase()}` : '')
