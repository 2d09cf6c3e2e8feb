import { ref } from 'vue'
import { keep, kept } from './keep'

export type Theme = 'system' | 'light' | 'dark'

const system = window.matchMedia('(prefers-color-scheme: dark)')
export const theme = ref<Theme>('system')
export const dark = ref(false)

function apply(): void {
  dark.value = theme.value === 'dark' || (theme.value === 'system' && system.matches)
  document.documentElement.classList.toggle('dark', dark.value)
  document.documentElement.classList.toggle('light', !dark.value)
}

/** Applies the kept choice, or follows the system. Call before the app is mounted, so that nothing flashes. */
export function startTheme(): void {
  const choice = kept('theme')
  theme.value = choice === 'light' || choice === 'dark' ? choice : 'system'
  system.addEventListener('change', apply)
  apply()
}

/** Takes a scheme without remembering it. */
export function wear(choice: Theme): void {
  theme.value = choice
  apply()
}

/** Turns to the other scheme and remembers it. */
export function toggleTheme(): void {
  theme.value = dark.value ? 'light' : 'dark'
  keep('theme', theme.value)
  apply()
}
