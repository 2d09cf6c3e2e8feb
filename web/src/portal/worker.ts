import type { Case, Order } from '@/api/types'

const cache = 'aftercare-drafts'
const address = (path: string) => new URL(path, location.origin).href

const read = () => performance.getEntriesByType('resource').map((one) => one.name)

/** Lets the portal open without a network, and be installed. */
export function startWorker(): void {
  if (!window.isSecureContext || window !== window.top || !navigator.serviceWorker) return
  navigator.serviceWorker.register('/sw.js').then(
    async () => (await navigator.serviceWorker.ready).active?.postMessage(read()),
    () => {}, // A browser that refuses works without.
  )
}

/** Keeps what the form of a draft shows, so that it opens without a network as well. */
export async function keepAnswers(order: Order, again: Case | undefined, shop: unknown): Promise<void> {
  try {
    const kept = await caches.open(cache)
    const all: [string, unknown][] = [[`/v1/my/orders/${order.id}`, order]]
    if (again) all.push([`/v1/my/cases/${again.id}`, again])
    if (shop) all.push(['/v1/shop', shop])
    for (const [path, answer] of all)
      await kept.put(
        address(path),
        new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } }),
      )
  } catch {
    // Pages that are not served over TLS have no caches.
  }
}

/** Forgets the answers of a draft that was sent or given up. */
export async function dropAnswers(order: string): Promise<void> {
  try {
    await (await caches.open(cache)).delete(address(`/v1/my/orders/${order}`))
  } catch {
    // There were none.
  }
}
