import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import type { Connect, Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// The Go server answers every page route with the entry of its face; the
// development server does the same.
function faces(): Plugin {
  const rewrite: Connect.NextHandleFunction = (req, _res, next) => {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    const isPage = req.headers.accept?.includes('text/html') && !path.startsWith('/v1')
    if (isPage) req.url = /^\/console(\/|$)/.test(path) ? '/console.html' : '/portal.html'
    next()
  }
  return {
    name: 'aftercare-faces',
    configureServer: (server) => void server.middlewares.use(rewrite),
    configurePreviewServer: (server) => void server.middlewares.use(rewrite),
  }
}

const proxy = { '/v1': { target: process.env.AFTERCARE_API ?? 'http://127.0.0.1:8080' } }

// The icons that the portal draws. What only the console draws must not travel
// with the portal, however many pages of the console share it.
function portalIcons(): Set<string> {
  const names = ['src/portal', 'src/ui'].flatMap((folder) =>
    readdirSync(at(`./${folder}`), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(vue|ts)$/.test(file))
      .flatMap((file) => [
        ...readFileSync(at(`./${folder}/${file}`), 'utf8').matchAll(/import \{([^}]+)\} from '@lucide\/vue'/g),
      ])
      .flatMap((found) => found[1]!.split(',')),
  )
  const kebab = (name: string) => name.replace(/([a-z])([A-Z0-9])|([0-9])([A-Z])/g, '$1$3-$2$4').toLowerCase()
  return new Set(names.map((name) => kebab(name.trim())).filter(Boolean))
}
const icons = portalIcons()
const iconOf = (id: string) => /lucide.*\/icons\/([\w-]+)\./.exec(id)?.[1]
const shared = (id: string) =>
  icons.has(iconOf(id) ?? '') ||
  (!iconOf(id) &&
    /lucide|_plugin-vue|src\/(ui\/(?!PhotoPicker|uploads|Rights|Sheet|Confirm|AmountInput)|lib\/(?!photo|passkey|files|exif|media-file|resume|live))/.test(
      id,
    ))

// What an entry or a page needs before it can show anything: it and all that it
// imports; with `later` also what it loads afterwards.
type Graph = {
  getModuleInfo(id: string): Info | null
}
type Info = { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[]; code: string | null }
const small = (id: string, graph: Graph) => (graph.getModuleInfo(id)?.code?.length ?? 0) <= 6000
const reached = new Map<string, Set<string>>()
function needs(graph: Graph, root: string, later = false): Set<string> {
  const name = root + later
  const known = reached.get(name)
  if (known) return known
  const seen = new Set<string>()
  const walk = (id: string) => {
    if (seen.has(id)) return
    seen.add(id)
    const info = graph.getModuleInfo(id)
    info?.importedIds.forEach(walk)
    if (later) info?.dynamicallyImportedIds.forEach(walk)
  }
  walk(at(`./src/${root}`))
  reached.set(name, seen)
  return seen
}

// What the frames, and the pages that a customer comes to first, are drawn with:
// parts that only other pages share are not worth their bytes before those.
const firstSeen = [
  'portal/main.ts',
  'console/main.ts',
  ...['Lookup', 'Orders', 'Order', 'Return', 'Case'].map((page) => `portal/pages/${page}Page.vue`),
]
const early = (id: string, graph: Graph) => firstSeen.some((root) => needs(graph, root).has(id))

// Every file costs a way there and back, six at a time: what is needed together
// travels together, and never what only the other face needs. Entries stay files
// of their own.
function together(id: string, graph: Graph): string | null {
  if (/\/(portal|console)\/main\.ts$|\.json$/.test(id)) return null
  // One file names all icons, so that who needs one can not be told from it.
  if (iconOf(id)) return icons.has(iconOf(id)!) ? 'both' : null
  if (/plugin-vue/.test(id)) return 'base'
  const [shop, staff] = ['portal/main.ts', 'console/main.ts'] as const
  const first = { shop: needs(graph, shop).has(id), staff: needs(graph, staff).has(id) }
  // What a page of the console shares with the portal's first page must not bring the portal's style with it.
  if (first.shop && (first.staff || needs(graph, staff, true).has(id))) return 'base'
  if (first.shop || /portal\/parts\/PageTitle/.test(id)) return 'portal-base'
  if (needs(graph, shop, true).has(id)) return needs(graph, staff, true).has(id) ? 'both' : null
  if (first.staff) return 'console-base'
  if (needs(graph, 'console/inbox/CasesPage.vue').has(id)) return 'list-parts'
  return null
}
const group = (name: string, more = {}) => ({
  debugName: name,
  name: (id: string, graph: Graph) => (together(id, graph) === name ? name : null),
  ...more,
})
// Parts that the form of a return shares: with the page of a case, and with others.
const formParts = (name: string) => ({
  debugName: name,
  name: (id: string, graph: Graph) => {
    if (!needs(graph, 'portal/pages/ReturnPage.vue').has(id) || needs(graph, 'console/main.ts', true).has(id))
      return null
    return (needs(graph, 'portal/pages/CasePage.vue').has(id) ? 'page-parts' : 'form-parts') === name ? name : null
  },
  minShareCount: 2,
})

export default defineConfig({
  plugins: [faces(), vue(), tailwindcss()],
  resolve: { alias: { '@': at('./src') } },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  server: { proxy, strictPort: true },
  preview: { proxy, strictPort: true },
  build: {
    outDir: 'dist',
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { portal: at('./portal.html'), console: at('./console.html') },
      // Small parts that many pages share travel together: dozens of files of 200
      // bytes cost more in compression than what a page does not need of them.
      output: {
        chunkFileNames: ({ name }) => `assets/${name.replace(/~.*/, '')}-[hash].js`,
        codeSplitting: {
          groups: [
            {
              debugName: 'parts',
              name: (id, graph) =>
                together(id, graph) === 'base' || (shared(id) && small(id, graph) && early(id, graph)) ? 'parts' : null,
              minShareCount: 3,
            },
            group('base'),
            {
              debugName: 'more-parts',
              name: (id, graph) => (shared(id) && small(id, graph) ? 'more-parts' : null),
              minShareCount: 3,
            },
            // Kept apart by who needs them, and so out of what follows.
            group('both', { entriesAware: true, entriesAwareMergeThreshold: 600 }),
            group('portal-base'),
            group('console-base'),
            group('list-parts', { minShareCount: 2 }),
            formParts('page-parts'),
            formParts('form-parts'),
            { name: 'icons', test: /lucide/, minShareCount: 3, maxModuleSize: 6000 },
          ],
        },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], clearMocks: true },
})
