import { onScopeDispose, ref } from 'vue'
import { keep, kept } from '@/lib/keep'

/** Keys by `event.code`, so that they sit in the same place on every layout; `Shift+` and `g ` are prefixes. */
export type Keys = Record<string, () => void>

const layers: Keys[] = []
const prefixWait = 450

/** Whether keys without Ctrl or Command work; some people's input methods press them by accident (WCAG 2.1.4). */
export const singleKeys = ref(kept('single_keys') !== 'off')
export function setSingleKeys(on: boolean): void {
  singleKeys.value = on
  keep('single_keys', on ? '' : 'off')
}

export const isMac = /mac|iphone|ipad/i.test(navigator.platform)

function find(name: string): (() => void) | undefined {
  for (let index = layers.length - 1; index >= 0; index--) {
    const run = layers[index]![name]
    if (run) return run
  }
  return undefined
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

let waiting: ReturnType<typeof setTimeout> | undefined
let prefixed = false

function press(name: string, event: KeyboardEvent): boolean {
  const run = find(name)
  if (!run) return false
  event.preventDefault()
  run()
  return true
}

export function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented || event.altKey) return
  if (event.ctrlKey || event.metaKey) {
    if (!event.shiftKey) press(`Mod+${event.code}`, event)
    return
  }
  if (!singleKeys.value || typing(event.target) || document.querySelector('dialog[open]')) return
  if (
    event.code === 'Enter' &&
    event.target instanceof HTMLElement &&
    /^(A|BUTTON|SUMMARY)$/.test(event.target.tagName)
  )
    return
  if (prefixed) {
    prefixed = false
    clearTimeout(waiting)
    if (press(`g ${event.code}`, event)) return
  }
  if (event.code === 'KeyG' && !event.shiftKey) {
    event.preventDefault()
    prefixed = true
    // Alone, g is a key like others: it waits only to see whether a place follows.
    waiting = setTimeout(() => {
      prefixed = false
      find('KeyG')?.()
    }, prefixWait)
    return
  }
  press(event.shiftKey ? `Shift+${event.code}` : event.code, event)
}

/** Adds keys for as long as the component lives; those added last win. */
export function useKeys(keys: Keys): void {
  if (layers.length === 0) window.addEventListener('keydown', onKey)
  layers.push(keys)
  onScopeDispose(() => {
    layers.splice(layers.indexOf(keys), 1)
    if (layers.length === 0) window.removeEventListener('keydown', onKey)
  })
}
