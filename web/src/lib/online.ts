import { ref } from 'vue'

/** Whether the server can be reached, as far as the browser and the requests of this page can tell. */
export const online = ref(navigator.onLine)
window.addEventListener('online', () => (online.value = true))
window.addEventListener('offline', () => (online.value = false))

const longest = 15_000
let asking = false

async function reached(): Promise<boolean> {
  try {
    await fetch('/healthz', { cache: 'no-store' })
    return true
  } catch {
    return false
  }
}

const pause = (ms: number) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    window.addEventListener('online', () => (clearTimeout(timer), done()), { once: true })
  })

/** A request got no answer: finds out whether the network is gone, which browsers do not
 * always know, and tells everybody who waits for it when it is back. */
export async function doubt(): Promise<void> {
  if (asking || !navigator.onLine) return
  asking = true
  for (let ms = 1000; !(await reached()); ms = Math.min(longest, 2 * ms)) {
    online.value = false
    await pause(ms)
  }
  asking = false
  if (!online.value) window.dispatchEvent(new Event('online'))
}
