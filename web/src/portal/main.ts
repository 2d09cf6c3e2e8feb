import '@/style/portal.css'
import { createApp } from 'vue'
import { lang, startI18n, type Catalogue } from '@/i18n'
import { configureClient } from '@/lib/client'
import { startTheme } from '@/lib/theme'
import App from './App.vue'

startTheme()
configureClient({ language: () => lang.value })
await startI18n(import.meta.glob<{ default: Catalogue }>(['../i18n/shared.*.json', '../i18n/portal.*.json']))
createApp(App).mount('#app')
