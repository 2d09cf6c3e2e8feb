import '@/style/console.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp, watch } from 'vue'
import { lang, startI18n, type Catalogue } from '@/i18n'
import { configureClient } from '@/lib/client'
import { doubt } from '@/lib/online'
import { startTheme } from '@/lib/theme'
import App from './App.vue'
import { queries } from './query'
import { router } from './router'
import { askEarly, loadShop } from './session'

startTheme()
configureClient({ language: () => lang.value, lost: () => void doubt() })
askEarly()
await startI18n(
  import.meta.glob<{ default: Catalogue }>(['../i18n/shared.*.json', '../i18n/console.*.json', '../i18n/desk.*.json']),
)
const app = createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(router)
await router.isReady()
// The server words reasons, grounds and events in the chosen language.
watch(lang, () => void queries.invalidateQueries())
watch(lang, loadShop, { immediate: true })
app.mount('#app')
