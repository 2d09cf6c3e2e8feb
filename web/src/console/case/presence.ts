import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Doing, Seat } from '@/api/staff'
import { api } from '@/lib/client'
import { online } from '@/lib/online'
import { Problem } from '@/lib/problem'
import { onWhisper, soon } from '../live'

/** A seat is empty 25 seconds after the last word from its page. */
const beat = 10_000
const page = crypto.randomUUID()

/** Sits at a case as long as its page is open and looked at, and tells who else does. */
export function usePresence(id: string, doing: Ref<Doing>): Ref<Seat[]> {
  const others = ref<Seat[]>([])
  let asked = 0
  async function say(): Promise<void> {
    if (document.hidden || !online.value) return
    const mine = ++asked
    try {
      const answer = await api('POST /v1/cases/{id}/presence', {
        path: { id },
        body: { page, doing: doing.value },
        attempts: 1,
      })
      if (mine === asked) others.value = answer.others
    } catch (error) {
      // Who else is here is good to know and never in the way.
      if (mine === asked) others.value = []
      // Whose case it is no more need not go on saying so.
      if ([401, 403, 404].includes(Problem.of(error).status)) clearInterval(timer)
    }
  }
  /** Leaves in a way that also works while the page goes away. */
  function leave(): void {
    asked++
    const body = JSON.stringify({ page, doing: 'gone' })
    const headers = { 'Content-Type': 'application/json' }
    void fetch(`/v1/cases/${id}/presence`, { method: 'POST', body, headers, keepalive: true }).catch(() => undefined)
  }
  const timer = setInterval(() => void say(), beat)
  const look = () => (document.hidden ? leave() : void say())
  document.addEventListener('visibilitychange', look)
  window.addEventListener('pagehide', leave)
  watch(doing, () => void say())
  watch(online, () => void say())
  const again = soon(() => void say(), 120)
  onWhisper((event) => {
    if (event?.stream === 'presence' && event.subject === id) again()
  })
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('pagehide', leave)
    leave()
  })
  void say()
  return others
}

const loudest: Doing[] = ['acting', 'writing', 'looking']
/** Who does what, the loudest first. */
export const byDoing = (seats: Seat[]): { doing: Doing; names: string[] }[] =>
  loudest
    .map((doing) => ({ doing, names: seats.filter((one) => one.doing === doing).map((one) => one.name) }))
    .filter((one) => one.names.length)
