import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { Message, Thread } from '@/api/talk'
import { useLoad } from './load'
import { Problem } from './problem'

export const longest = 4000
export const mostFiles = 10
const page = 30

/** What was read before stays; what is newer, or was read again, takes its place. */
export function join(before: Message[], now: Message[]): Message[] {
  const all = new Map([...before, ...now].map((one) => [one.seq, one]))
  return [...all.values()].sort((a, b) => a.seq - b.seq)
}

/** Whether a message begins a run of its side, and so says who writes and when. */
export function begins(all: Message[], index: number): boolean {
  const [one, before] = [all[index]!, all[index - 1]]
  if (!before || before.by !== one.by || before.name !== one.name) return true
  return Date.parse(one.at) - Date.parse(before.at) > 10 * 60_000
}

/** The newest message of one's own side: the only one that says whether it was read. */
export const newestOf = (all: Message[], side: Message['by']): Message | undefined =>
  all.findLast((one) => one.by === side)

/**
 * How far the conversation was on the screen when a message was first sent. Sent
 * again because no answer came, it is the same wish under the same key, also
 * when the message itself has come up on the screen meanwhile.
 */
export class Seen {
  #what = ''
  #seen = 0

  of(what: unknown, now: number): number {
    const wish = JSON.stringify(what)
    if (wish !== this.#what) [this.#what, this.#seen] = [wish, now]
    return this.#seen
  }

  /** Forgets it after success: the same words are another message. */
  done(): void {
    this.#what = ''
  }
}

interface Ways {
  read: (query: { before?: number; limit: number }, signal?: AbortSignal) => Promise<Thread>
  mark: (to: number) => Promise<unknown>
}

/**
 * A conversation: what was written, older pages on demand, and that it is read
 * once it is in sight.
 */
export function useTalk({ read, mark }: Ways) {
  const items = shallowRef<Message[]>([])
  const more = ref(false)
  const { data, problem, loading, slow, load } = useLoad(async (signal) => {
    const now = await read({ limit: page }, signal)
    const first = items.value[0]
    // Pages that were asked for stay, unless so much came that there is a gap.
    const joined = !!first && now.items.length > 0 && (items.value.at(-1)?.seq ?? 0) >= now.items[0]!.seq - 1
    if (!joined) more.value = now.more
    items.value = joined ? join(items.value, now.items) : now.items
    return now
  })
  const busy = ref(false)
  async function older(): Promise<void> {
    const first = items.value[0]
    if (busy.value || !first) return
    busy.value = true
    try {
      const found = await read({ before: first.seq, limit: page })
      items.value = join(found.items, items.value)
      more.value = found.more
    } catch (failure) {
      problem.value = Problem.of(failure)
    } finally {
      busy.value = false
    }
  }

  /** How far it was read when the page came up: what is behind is new. */
  const from = ref<number>()
  watch(data, (now) => (from.value ??= now?.read))
  const inSight = ref(false)
  let marked = 0
  async function see(): Promise<void> {
    const now = data.value
    if (!now || !inSight.value || document.hidden || now.last <= Math.max(now.read, marked)) return
    marked = now.last
    try {
      await mark(now.last)
      data.value = { ...data.value!, read: now.last }
    } catch {
      marked = 0 // the next look tries again
    }
  }
  watch([data, inSight], () => void see())
  const shown = () => void see()
  document.addEventListener('visibilitychange', shown)
  onScopeDispose(() => document.removeEventListener('visibilitychange', shown))

  /** A message that was just sent stands there at once. */
  function add(one: Message): void {
    items.value = join(items.value, [one])
    const now = data.value
    if (now) data.value = { ...now, last: Math.max(now.last, one.seq) }
  }
  return { data, items, more, problem, loading, slow, busy, from, inSight, load, older, add }
}

/** Tells whether an element is in sight. */
export function useSight(element: Ref<HTMLElement | null | undefined>, seen: Ref<boolean>): void {
  const watcher = new IntersectionObserver(([one]) => (seen.value = !!one?.isIntersecting), { threshold: 0 })
  watch(
    element,
    (now, before) => {
      if (before) watcher.unobserve(before)
      if (now) watcher.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => watcher.disconnect())
}
