import { onScopeDispose, ref } from 'vue'
import type { LiveEvent } from '@/api/types'
import { useLive } from '@/lib/live'

type Listener = (event?: LiveEvent) => void
const listeners = new Set<Listener>()
export const liveOpen = ref(true)

/** Opens the one stream of the console; every page listens to it. Ends with the component that called it. */
export function startLive(): void {
  const { open } = useLive(
    () => '/v1/live',
    (event) => {
      for (const listener of listeners) listener(event)
    },
  )
  const follow = setInterval(() => (liveOpen.value = open.value), 5000)
  onScopeDispose(() => clearInterval(follow))
}

/** Calls back on every change, and without an event when everything should be read again. */
export function onLive(listener: Listener): void {
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
}

/** Gathers calls that come close together into one. */
export function soon(run: () => void, ms = 250): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  return () => {
    clearTimeout(timer)
    timer = setTimeout(run, ms)
  }
}
