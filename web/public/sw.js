// The portal's service worker. What never changes is answered from this device,
// pages come from the network and, without one, as they were last. Answers about
// a person are kept by the page, for a draft under way only; nothing is stored here.
const pages = 'aftercare-pages-1'
const assets = 'aftercare-assets-1'
const drafts = 'aftercare-drafts'
const most = 300
const page = '/'

// The page that is open already came before this worker: its file is read once more.
self.addEventListener('install', (event) =>
  event.waitUntil(
    caches
      .open(pages)
      .then((cache) => cache.add(page))
      .then(() => self.skipWaiting()),
  ),
)
self.addEventListener('activate', (event) => event.waitUntil(tidy().then(() => self.clients.claim())))

async function tidy() {
  for (const name of await caches.keys())
    if (name.startsWith('aftercare-') && ![pages, assets, drafts].includes(name)) await caches.delete(name)
}

/** Files whose name contains their digest: kept for ever, the oldest go first. */
async function asset(request) {
  const cache = await caches.open(assets)
  const found = await cache.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok) {
    await cache.put(request, answer.clone())
    const keys = await cache.keys()
    for (const old of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(old)
  }
  return answer
}

/** What the page had read before this worker was there, and what a form will need without a network. */
self.addEventListener('message', (event) => {
  const urls = Array.isArray(event.data)
    ? event.data.filter((url) => new URL(url, self.location.href).pathname.startsWith('/assets/'))
    : []
  event.waitUntil(Promise.all(urls.map((url) => asset(new Request(new URL(url, self.location.href))).catch(() => {}))))
})

/** Every page of the portal is the same file; its script knows the address. */
async function shell(request) {
  try {
    const answer = await fetch(request)
    if (answer.ok) await (await caches.open(pages)).put(page, answer.clone())
    return answer
  } catch (lost) {
    const found = await caches.match(page, { cacheName: pages, ignoreVary: true })
    if (found) return found
    throw lost
  }
}

/** The order of a draft under way, where the page has kept it. */
async function kept(request) {
  try {
    return await fetch(request)
  } catch (lost) {
    const found = await caches.match(request.url, { cacheName: drafts, ignoreVary: true })
    if (found) return found
    throw lost
  }
}

/** Asked for by the portal in a frame: its cookies belong to the site around it, and a worker would send its own. */
function framed({ referrer }) {
  return URL.canParse(referrer) && /^\/widget(\/|$)/.test(new URL(referrer).pathname)
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || framed(request)) return
  if (url.pathname.startsWith('/assets/') || url.pathname === '/favicon.svg') event.respondWith(asset(request))
  else if (request.mode === 'navigate' && !/^\/(console|v1|log|widget)(\/|$)/.test(url.pathname))
    event.respondWith(shell(request))
  else if (/^\/v1\/(shop$|my\/(orders|cases)\/[^/]+$)/.test(url.pathname)) event.respondWith(kept(request))
})
