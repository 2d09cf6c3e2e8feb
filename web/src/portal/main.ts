import '@/style/portal.css'
import { createApp, watch } from 'vue'
import { lang, startI18n, type Catalogue } from '@/i18n'
import { more } from '@/i18n/more'
import { configureClient } from '@/lib/client'
import { doubt } from '@/lib/online'
import { startTheme } from '@/lib/theme'
import App from './App.vue'
import { base } from './frame'
import { start } from './nav'
import { pages } from './router'
import { loadShop } from './shop'

startTheme()
configureClient({ language: () => lang.value, lost: () => void doubt() })
const texts = startI18n(
  import.meta.glob<{ default: Catalogue }>(['../i18n/{shared,portal}.*.json', '../i18n/more/{shared,portal}.*.json']),
  more,
)
const app = createApp(App)
if (base) await Promise.all([texts, import('./widget/begin').then(({ begin }) => begin())])
await Promise.all([texts, start(pages)])
watch(lang, loadShop, { immediate: true })
app.mount('#app')
void import('./worker').then(
  ({ startWorker }) => startWorker(),
  () => {},
)
