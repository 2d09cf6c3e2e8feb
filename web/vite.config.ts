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
  (!iconOf(id) && /lucide|_plugin-vue|src\/(ui\/(?!PhotoPicker|uploads|Rights|Sheet|Confirm|AmountInput)|lib\/(?!photo|passkey|files|exif|media-file|resume|live))/.test(id))

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
        advancedChunks: {
          groups: [
            {
              name: 'parts',
              test: shared,
              minShareCount: 3,
              maxModuleSize: 6000,
            },
            { name: 'portal-base', test: /src\/portal\/(shop|rights|frame|brand|help|session|nav|router|parent)\.ts|i18n\/more\.ts/ },
            { name: 'icons', test: /lucide/, minShareCount: 3, maxModuleSize: 6000 },
          ],
        },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], clearMocks: true },
})
