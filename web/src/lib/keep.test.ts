import { afterEach, expect, it, vi } from 'vitest'
import { keep, kept, keptNames } from './keep'

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

it('keeps what it is given under names of its own', () => {
  localStorage.setItem('else', 'of the site')
  keep('draft.ord_1', '{}')
  expect(kept('draft.ord_1')).toBe('{}')
  expect(keptNames()).toEqual(['draft.ord_1'])
  keep('draft.ord_1', '')
  expect(keptNames()).toEqual([])
})

it('keeps nothing, and says nothing, where a frame may not keep', () => {
  vi.stubGlobal(
    'localStorage',
    new Proxy({} as Storage, {
      get: () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      },
      ownKeys: () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      },
    }),
  )
  expect(() => keep('draft.ord_1', '{}')).not.toThrow()
  expect(kept('draft.ord_1')).toBe('')
  expect(keptNames()).toEqual([])
})
