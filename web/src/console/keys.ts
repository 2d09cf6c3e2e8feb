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

/**
 * Keys that somebody moved or switched off: what a key does by default, and the
 * key that does it here; '' is none.
 */
const moved = ref<Record<string, string>>(readMoved())
function readMoved(): Record<string, string> {
  try {
    return JSON.parse(kept('keys') || '{}') as Record<string, string>
  } catch {
    return {}
  }
}
/** The key that does what a key does by default; '' when it is switched off. */
export const keyFor = (name: string): string => moved.value[name] ?? name
export const isMoved = (name: string): boolean => name in moved.value
/** Moves a key, switches it off with '', or puts it back without one. */
export function moveKey(name: string, to?: string): void {
  const next = { ...moved.value }
  if (to === undefined || to === name) delete next[name]
  else next[name] = to
  moved.value = next
  keep('keys', Object.keys(next).length ? JSON.stringify(next) : '')
}
export function restoreKeys(): void {
  moved.value = {}
  keep('keys', '')
}
/** What a pressed key means here. */
function meant(pressed: string): string {
  const found = Object.entries(moved.value).find(([, own]) => own === pressed)
  return found ? found[0] : isMoved(pressed) ? '' : pressed
}

const signs: Record<string, string> = {
  Slash: '/',
  Period: '.',
  Comma: ',',
  BracketLeft: '[',
  BracketRight: ']',
  ArrowDown: '↓',
  ArrowUp: '↑',
  Semicolon: ';',
  Quote: "'",
  Minus: '-',
  Equal: '=',
  Backslash: '\\',
}
/** A key as it stands on a keycap: g and a letter are two. */
export function caps(name: string): string[] {
  if (name === 'Shift+Slash') return ['?']
  return name.split(/[ +]/).map((part) => {
    if (part === 'Mod') return isMac ? '⌘' : 'Ctrl'
    if (part === 'Shift') return '⇧'
    return signs[part] ?? part.replace(/^(Key|Digit|Numpad)/, '').toLowerCase()
  })
}
/** The key that does something, for tooltips; '' where single keys, or this one, are off. */
export function capOf(name: string): string {
  const own = keyFor(name)
  if (!own || (!singleKeys.value && !own.startsWith('Mod+'))) return ''
  return caps(own).join(' ').toUpperCase()
}
/** A tooltip with the key behind the words. */
export const withCap = (text: string, name: string): string => (capOf(name) ? `${text} (${capOf(name)})` : text)

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
  const name = meant(event.shiftKey ? `Shift+${event.code}` : event.code)
  if (name) press(name, event)
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
