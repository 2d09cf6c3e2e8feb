import {
  AtSign,
  Box,
  ClipboardList,
  Headset,
  Keyboard,
  Languages,
  Lock,
  LogOut,
  MessageSquare,
  Moon,
  ShieldCheck,
  ShoppingBag,
  Undo2,
  UserRound,
  Zap,
} from '@lucide/vue'
import { computed, ref, shallowRef, watch, type Component } from 'vue'
import { useRouter } from 'vue-router'
import { chooseLanguage, lang, languages, t } from '@/i18n'
import { api } from '@/lib/client'
import { day } from '@/lib/format'
import { toggleTheme } from '@/lib/theme'
import { undoLast } from '@/lib/toast'
import { commandsHere } from '../commands'
import { capOf, setSingleKeys, singleKeys } from '../keys'
import { keysTo, places } from '../nav'
import { may, signOut } from '../session'
import { stateWord } from '../words'

export interface Found {
  key: string
  /** What it is one of; commands have no group. */
  group?: 'cases' | 'orders' | 'customers' | 'products' | 'messages'
  label: string
  hint: string
  /** The label in parts, some of which were looked for. */
  parts?: { text: string; hit?: boolean }[]
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

/** How many slips of the keyboard lie between two words, swaps of neighbours as one. */
function slips(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const wrong = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, wrong)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

/** Whether each wanted word is one of the text but for a slip; of eight letters on, two. Short words stand for themselves. */
export function near(wanted: string, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/)
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((one) => {
      const most = one.length >= 8 ? 2 : one.length >= 4 ? 1 : 0
      return words.some((word) => slips(one, word) <= most || slips(one, word.slice(0, one.length)) <= most)
    })
}

/** Who wrote a message, or a note. */
function whose(one: { by: string; name?: string; customer_name?: string }): string {
  if (one.by === 'customer') return one.customer_name || t('who.customer')
  return one.name || t('who.key')
}

/** Everything the palette can do, and the cases, orders, customers and products that a text finds. */
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
      hint: keysTo(place),
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
    const { cases = [], orders = [], customers = [], products = [], messages = [] } = await api('GET /v1/search', { query: { q }, signal })
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
      ...products.map((one) => ({
        key: `sku ${one.sku}`,
        group: 'products' as const,
        label: one.variant ? `${one.title} · ${one.variant}` : one.title,
        hint: one.sku,
        icon: Box,
        run: () => void router.push({ path: '/products', query: { q: one.sku } }),
      })),
      ...messages.map((one) => ({
        key: one.id,
        group: 'messages' as const,
        label: one.sentence.map((part) => part.text).join(''),
        parts: one.sentence,
        hint: `${one.case_number} · ${whose(one)} · ${day(one.at, lang.value)}`,
        icon: one.note ? Lock : MessageSquare,
        run: () => void router.push({ path: `/cases/${one.case}`, query: { said: one.id, ...(one.seq ? { seq: one.seq } : {}) } }),
      })),
    ]
  }

  /** Counts up to look for the same text once more. */
  const tries = ref(0)
  watch([text, tries], ([now], _before, cleanup) => {
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
    let named = commands.value.filter((one) => !q || fuzzy(q, one.label) || fuzzy(q, one.words ?? ''))
    if (!named.length) named = commands.value.filter((one) => near(q, `${one.label} ${one.words ?? ''}`))
    return [...named, ...hits.value]
  })
  return { text, found, searching, failed, again: () => tries.value++ }
}
