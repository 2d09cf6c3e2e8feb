import { ref } from 'vue'

export interface Toast {
  id: number
  text: string
}
export const toasts = ref<Toast[]>([])
/** What a screen reader is told without anything being shown. */
export const spoken = ref('')
let last = 0

/** Says quietly that something went well; never used for errors, which stay beside their cause. */
export function toast(text: string): void {
  const id = ++last
  toasts.value = [...toasts.value.slice(-2), { id, text }]
  setTimeout(() => (toasts.value = toasts.value.filter((shown) => shown.id !== id)), 4000)
}

/** Tells people who listen what people who look can see. */
export function announce(text: string): void {
  spoken.value = ''
  requestAnimationFrame(() => (spoken.value = text))
}
