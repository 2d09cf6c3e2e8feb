import { onScopeDispose } from 'vue'
import { Burst, writes } from './burst'

/**
 * Brings what a hand scanner types to the page wherever the focus is. Outside of
 * fields each letter goes to the scan field, so that a code is never taken for
 * shortcuts; inside a field what a scanner typed is taken out of it again.
 */
export function useWedge(field: () => HTMLInputElement | null | undefined, scanned: (code: string) => void): void {
  const burst = new Burst()
  let before = ''
  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (document.querySelector('dialog[open]')) return
    const { target, key } = event
    const own = field()
    if (writes(target) && target !== own) {
      const code = burst.press(key, performance.now())
      if (burst.fresh && key.length === 1) before = target.value
      if (!code) return
      event.preventDefault()
      event.stopPropagation()
      target.value = before
      target.dispatchEvent(new Event('input', { bubbles: true }))
      scanned(code)
      return
    }
    if (target === own || target instanceof HTMLSelectElement || key.length !== 1 || key === ' ') return
    event.stopPropagation()
    own?.focus()
    own?.select()
  }
  window.addEventListener('keydown', onKey, true)
  onScopeDispose(() => window.removeEventListener('keydown', onKey, true))
}
