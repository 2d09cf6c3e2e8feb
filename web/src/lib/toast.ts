import { ref } from 'vue'

export interface Toast {
  id: number
  text: string
  /** Takes back what was done. */
  undo?: Undo
}
export interface Undo {
  label: string
  run: () => unknown
}
export const toasts = ref<Toast[]>([])
/** What a screen reader is told without anything being shown. */
export const spoken = ref('')
/** The one whose button somebody points at or stands on: it does not go from under the hand. */
export const held = ref(0)
let last = 0

/** Says quietly that something went well; never used for errors, which stay beside their cause. What can be undone stays longer. */
export function toast(text: string, undo?: Undo): void {
  const id = ++last
  toasts.value = [...toasts.value.slice(-2), { id, text, ...(undo ? { undo } : {}) }]
  const end = () => void (held.value === id ? setTimeout(end, 1000) : dismiss(id))
  setTimeout(end, undo ? 8000 : 4000)
}
export function dismiss(id: number): void {
  if (held.value === id) held.value = 0
  toasts.value = toasts.value.filter((shown) => shown.id !== id)
}
/** Takes back the newest thing that can be. */
export function undoLast(): void {
  const found = toasts.value.findLast((one) => one.undo)
  if (!found) return
  dismiss(found.id)
  found.undo!.run()
}

/** Tells people who listen what people who look can see. */
export function announce(text: string): void {
  spoken.value = ''
  requestAnimationFrame(() => (spoken.value = text))
}
