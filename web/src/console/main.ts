import '@/style/console.css'
import { createApp } from 'vue'
import { startI18n, type Catalogue } from '@/i18n'
import { startTheme } from '@/lib/theme'
import App from './App.vue'

startTheme()
await startI18n(import.meta.glob<{ default: Catalogue }>(['../i18n/shared.*.json', '../i18n/console.*.json']))
createApp(App).mount('#app')
