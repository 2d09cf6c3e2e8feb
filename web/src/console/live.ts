import { onScopeDispose, ref, watch } from 'vue'
import type { LiveEvent } from '@/api/types'
import { useLive } from '@/lib/live'

type Listener = (event?: LiveEvent) => void
const listeners = new Set<Listener>()
const whisperers = new Set<Listener>()
export const liveOpen = ref(true)
/** A connection that comes back at once is no news. */
const patience = 4000

/** Opens the one stream of the console; every page listens to it. Ends with the component that called it. */
export function startLive(): void {
  const { open } = useLive(
    () => '/v1/live',
    (event) => {
      for (const listener of event?.type === 'whisper' ? whisperers : listeners) listener(event)
    },
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    open,
    (now) => {
      clearTimeout(timer)
      if (now) liveOpen.value = true
      else timer = setTimeout(() => (liveOpen.value = false), patience)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
}

/** Calls back on every change, and without an event when everything should be read again. */
export function onLive(listener: Listener): void {
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
}

/** Calls back on what is true for seconds only: who is at a case. */
export function onWhisper(listener: Listener): void {
  whisperers.add(listener)
  onScopeDispose(() => whisperers.delete(listener))
}

/** So many pauses a call waits at most: on a busy day something happens at every moment. */
const longest = 8

/** Gathers calls that come close together into one. */
export function soon(run: () => void, ms = 250): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let first = 0
  onScopeDispose(() => clearTimeout(timer))
  return () => {
    const now = Date.now()
    if (!timer) first = now
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        timer = undefined
        run()
      },
      Math.max(0, Math.min(ms, first + ms * longest - now)),
    )
  }
}
