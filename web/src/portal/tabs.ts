import { onScopeDispose } from 'vue'
import { kept } from '@/lib/keep'

// The same draft may be open in several tabs. What one writes the others show, so
// that none writes over it with what it had before.

const prefix = 'aftercare.'

export interface Shared {
  /** Keeps what is written here, unless another tab was done with it. */
  write(keep: () => void): void
}

/**
 * A text of this browser that several tabs write: `changed` when another one wrote it, `gone` when
 * another one was done with it. A tab that slept through that is told when it is looked at again.
 */
export function useShared(name: string, changed: () => void, gone: () => void): Shared {
  let known = kept(name)
  let over = false

  function look(): void {
    const now = kept(name)
    if (over || now === known) return
    known = now
    if (now) return changed()
    over = true
    gone()
  }
  const heard = (event: StorageEvent) => event.key === prefix + name && look()
  const seen = () => document.visibilityState === 'visible' && look()
  window.addEventListener('storage', heard)
  window.addEventListener('pageshow', seen)
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    window.removeEventListener('storage', heard)
    window.removeEventListener('pageshow', seen)
    document.removeEventListener('visibilitychange', seen)
  })

  return {
    write(keep) {
      if (over) return
      keep()
      known = kept(name) // nothing, where this browser keeps nothing
    },
  }
}
