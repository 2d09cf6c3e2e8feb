import { onScopeDispose, ref } from 'vue'
import type { LiveEvent } from '@/api/types'

const pollEvery = 15_000
const longestPause = 30_000
/** The server says something every 20 s. A stream that is silent for longer is dead, though nobody was told: a laptop slept, a router forgot. */
const silence = 50_000

/**
 * Listens for changes at an SSE address. Whenever the stream is not open it
 * asks for a fresh read every 15 seconds instead, so that a page is never
 * silently stale. A `changed` without an event means "read again".
 */
export function useLive(url: () => string, changed: (event?: LiveEvent) => void) {
  let last = ''
  const open = ref(false)
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let stopped = false
  let heard = 0

  function connect(): void {
    clearTimeout(retry)
    source?.close()
    heard = Date.now()
    // A stream that is made anew is told what was missed since.
    source = new EventSource(last ? `${url()}${url().includes('?') ? '&' : '?'}last_event_id=${last}` : url())
    source.addEventListener('open', () => {
      open.value = true
      heard = Date.now()
      failures = 0
      // Something may have happened between the last read and now.
      changed()
    })
    const hear = (message: Event) => {
      heard = Date.now()
      if (message.type === 'beat') return
      const { lastEventId, data, type } = message as MessageEvent<string>
      if (lastEventId) last = lastEventId
      // Whispers are true for seconds only; after a reset too much was missed to be told one by one.
      if (type === 'changed') changed(JSON.parse(data) as LiveEvent)
      else if (type !== 'ready') changed({ ...(type === 'whisper' ? JSON.parse(data) : {}), type, version: 0, at: '' })
    }
    for (const type of ['changed', 'ready', 'reset', 'whisper', 'beat']) source.addEventListener(type, hear)
    source.addEventListener('error', () => {
      open.value = false
      failures++
      // The browser reconnects by itself after a lost connection, but not after an HTTP error.
      if (source?.readyState === EventSource.CLOSED && !stopped) {
        // Who is not let in may not be signed in any more: the next read finds out.
        if (failures < 4) changed()
        retry = setTimeout(connect, Math.min(longestPause, 1000 * 2 ** failures))
      }
    })
  }
  /** Connects again where the stream is dead without an error. */
  function listen(): void {
    if (Date.now() - heard < silence) return
    open.value = false
    connect()
  }
  const poll = setInterval(() => {
    listen()
    if (!open.value && !document.hidden) changed()
  }, pollEvery)
  const seen = () => {
    if (document.hidden) return
    listen()
    if (!open.value) changed()
  }
  document.addEventListener('visibilitychange', seen)

  onScopeDispose(() => {
    stopped = true
    clearTimeout(retry)
    clearInterval(poll)
    document.removeEventListener('visibilitychange', seen)
    source?.close()
  })
  connect()
  return { open }
}
