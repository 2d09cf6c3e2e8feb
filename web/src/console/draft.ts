import { onScopeDispose, ref, watch, type Ref } from 'vue'

const prefix = 'aftercare.draft.'

/** Whose drafts these are: two people may share a browser. */
let owner = ''
export function ownDrafts(id: string): void {
  owner = id
}
const keyOf = (name: string) => `${prefix}${owner}.${name}`

/** How many texts wait to be sent. */
export function countDrafts(): number {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(keyOf(''))).length
  } catch {
    return 0
  }
}

function read(name: string): string {
  try {
    return localStorage.getItem(keyOf(name)) ?? ''
  } catch {
    return ''
  }
}

/** Whether something waits to be sent: asked where it can no longer be written, so that it does not just go out of sight. */
export const drafted = (name: string): boolean => read(name) !== ''

/**
 * A text being written, kept in this browser until it is sent, so that a reload,
 * a lost connection, a session that ended or a wrong click does not lose it.
 */
export function useDraft(name: () => string): Ref<string> {
  const text = ref(read(name()))
  // What is open in several tabs is one text: else the tab that was left behind would write over it.
  const follow = (event: StorageEvent) => {
    if (event.key === keyOf(name())) text.value = event.newValue ?? ''
  }
  window.addEventListener('storage', follow)
  onScopeDispose(() => window.removeEventListener('storage', follow))
  watch(name, (now) => (text.value = read(now)))
  watch(text, (now) => {
    try {
      if (now) localStorage.setItem(keyOf(name()), now)
      else localStorage.removeItem(keyOf(name()))
    } catch {
      // Keeping is a convenience.
    }
  })
  return text
}

/** What was filled in before and not sent, if it is still there. */
export function recall<T>(name: string): T | undefined {
  try {
    return JSON.parse(read(name) || 'null') ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps what is being filled in, in this browser; nothing to keep takes it away. */
export function retain(name: string, value?: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(keyOf(name))
    else localStorage.setItem(keyOf(name), JSON.stringify(value))
  } catch {
    // Keeping is a convenience.
  }
}

/** Nothing that was written stays behind when somebody signs out. */
export function forgetDrafts(): void {
  try {
    for (const storage of [sessionStorage, localStorage])
      for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key)
  } catch {
    // Nothing was kept then.
  }
}
