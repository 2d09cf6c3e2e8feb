import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { keep, kept } from '@/lib/keep'
import { useShared } from './tabs'

beforeEach(() => localStorage.clear())

/** Another tab writes: this one hears of it. */
function elsewhere(name: string, text: string): void {
  keep(name, text)
  window.dispatchEvent(new StorageEvent('storage', { key: `aftercare.${name}` }))
}

it('shows what another tab has written, and does not hear itself', () => {
  const [changed, gone] = [vi.fn(), vi.fn()]
  effectScope().run(() => {
    const shared = useShared('draft.a', changed, gone)
    shared.write(() => keep('draft.a', 'one'))
    window.dispatchEvent(new StorageEvent('storage', { key: 'aftercare.draft.a' }))
    expect(changed).not.toHaveBeenCalled()
    elsewhere('draft.a', 'two')
    elsewhere('draft.b', 'other')
    expect(changed).toHaveBeenCalledTimes(1)
    expect(gone).not.toHaveBeenCalled()
  })
})

it('writes nothing more once another tab has sent it', () => {
  const [changed, gone] = [vi.fn(), vi.fn()]
  keep('draft.a', 'one')
  effectScope().run(() => {
    const shared = useShared('draft.a', changed, gone)
    elsewhere('draft.a', '')
    shared.write(() => keep('draft.a', 'again'))
    expect(kept('draft.a')).toBe('')
    expect(gone).toHaveBeenCalledTimes(1)
    expect(changed).not.toHaveBeenCalled()
  })
})

it('a tab that slept is told when it is looked at, and one that is closed no more', () => {
  const changed = vi.fn()
  const scope = effectScope()
  scope.run(() => useShared('draft.a', changed, () => {}))
  keep('draft.a', 'two')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(changed).toHaveBeenCalledTimes(1)
  scope.stop()
  elsewhere('draft.a', 'three')
  expect(changed).toHaveBeenCalledTimes(1)
})
