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
              test: /lucide|_plugin-vue|src\/(ui\/(?!PhotoPicker)|lib\/(?!photo))/,
              minShareCount: 3,
              maxModuleSize: 6000,
            },
          ],
        },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], clearMocks: true },
})
