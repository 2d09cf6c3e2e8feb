import {
  AtSign,
  ClipboardList,
  Headset,
  Keyboard,
  Languages,
  LogOut,
  Moon,
  ShieldCheck,
  ShoppingBag,
  Undo2,
  UserRound,
  Zap,
} from '@lucide/vue'
import { computed, ref, shallowRef, watch, type Component } from 'vue'
import { useRouter } from 'vue-router'
import { chooseLanguage, languages, t } from '@/i18n'
import { api } from '@/lib/client'
import { toggleTheme } from '@/lib/theme'
import { undoLast } from '@/lib/toast'
import { commandsHere } from '../commands'
import { capOf, setSingleKeys, singleKeys } from '../keys'
import { places } from '../nav'
import { may, signOut } from '../session'
import { stateWord } from '../words'

export interface Found {
  key: string
  /** What it is one of; commands have no group. */
  group?: 'cases' | 'orders' | 'customers'
  label: string
  hint: string
  icon: Component
  run: () => void
  words?: string
}

/** Whether all letters of `wanted` appear in order: "shda" finds "shouhoudan". */
export function fuzzy(wanted: string, text: string): boolean {
  const whole = text.toLowerCase()
  let from = 0
  for (const letter of wanted.toLowerCase().replace(/\s+/g, '')) {
    from = whole.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}

/** Everything the palette can do, and the cases, orders and customers that a text finds. */
export function usePalette(open: { account: () => void; keys: () => void; mentions: () => void }) {
  const router = useRouter()
  const text = ref('')
  const hits = shallowRef<Found[]>([])
  const searching = ref(false)
  const failed = ref(false)

  const commands = computed<Found[]>(() => [
    ...commandsHere().map((one) => ({ ...one, icon: Zap })),
    ...places.value.map((place) => ({
      key: place.name,
      label: t(place.label),
      hint: `g ${place.code.slice(3).toLowerCase()}`,
      icon: place.icon,
      words: `${place.name} ${place.words}`,
      run: () => void router.push(place.to),
    })),
    {
      key: 'account',
      label: t('account.title'),
      hint: '',
      icon: Headset,
      words: 'account sessions zhanghao',
      run: open.account,
    },
    {
      key: 'security',
      label: t('security.title'),
      hint: '',
      icon: ShieldCheck,
      words: 'second factor passkey totp anquan yanzheng',
      run: () => void router.push('/security'),
    },
    {
      key: 'keys',
      label: t('keys.title'),
      hint: '?',
      icon: Keyboard,
      words: 'help keys kuaijiejian bangzhu',
      run: open.keys,
    },
    {
      key: 'mentions',
      label: t('bell.title'),
      hint: capOf('Shift+KeyM'),
      icon: AtSign,
      words: 'mentions notices bell tidao tixing',
      run: open.mentions,
    },
    {
      key: 'undo',
      label: t('sheet.keys_undo'),
      hint: capOf('KeyZ'),
      icon: Undo2,
      words: 'undo back chexiao',
      run: undoLast,
    },
    {
      key: 'single',
      label: t('sheet.keys_single'),
      hint: singleKeys.value ? '✓' : '',
      icon: Keyboard,
      words: 'single keys shortcuts danjian',
      run: () => setSingleKeys(!singleKeys.value),
    },
    {
      key: 'theme',
      label: t('palette.theme'),
      hint: '',
      icon: Moon,
      words: 'dark light theme shense waiguan',
      run: toggleTheme,
    },
    ...languages.map((one) => ({
      key: one.code,
      label: one.name,
      hint: t('act.language'),
      icon: Languages,
      words: `language yuyan ${one.code}`,
      run: () => void chooseLanguage(one.code),
    })),
    {
      key: 'signout',
      label: t('act.signout'),
      hint: '',
      icon: LogOut,
      words: 'sign out tuichu',
      run: () => void signOut().then(() => router.replace('/signin')),
    },
  ])

  async function search(q: string, signal: AbortSignal): Promise<void> {
    const { cases = [], orders = [], customers = [] } = await api('GET /v1/search', { query: { q }, signal })
    hits.value = [
      ...cases.map((one) => ({
        key: one.id,
        group: 'cases' as const,
        label: one.customer_name ? `${one.number} · ${one.customer_name}` : one.number,
        hint: `${stateWord(one)} · ${one.title}`,
        icon: ClipboardList,
        run: () => void router.push(`/cases/${one.id}`),
      })),
      ...orders.map((one) => ({
        key: one.id,
        group: 'orders' as const,
        label: one.number,
        hint: one.title,
        icon: ShoppingBag,
        run: () => void router.push(`/orders/${one.id}`),
      })),
      ...customers.map((one) => ({
        key: one.id,
        group: 'customers' as const,
        label: one.name || one.email || one.phone || one.id,
        hint: one.email || one.phone || '',
        icon: UserRound,
        // The orders of a customer are found by what is only theirs.
        run: () => void router.push({ path: '/orders', query: { q: one.email || one.phone || one.name } }),
      })),
    ]
  }

  watch(text, (now, _before, cleanup) => {
    const q = now.trim()
    failed.value = false
    hits.value = []
    searching.value = q.length >= 2 && may('case.read')
    if (!searching.value) return
    const stop = new AbortController()
    const timer = setTimeout(async () => {
      try {
        await search(q, stop.signal)
      } catch {
        failed.value = !stop.signal.aborted
      }
      if (!stop.signal.aborted) searching.value = false
    }, 180)
    cleanup(() => {
      clearTimeout(timer)
      stop.abort()
    })
  })

  const found = computed(() => {
    const q = text.value.trim()
    const named = commands.value.filter((one) => !q || fuzzy(q, one.label) || fuzzy(q, one.words ?? ''))
    return [...named, ...hits.value]
  })
  return { text, found, searching, failed }
}
