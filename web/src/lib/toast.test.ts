import { afterEach, expect, it, vi } from 'vitest'
import { dismiss, held, toast, toasts } from './toast'

afterEach(() => {
  vi.useRealTimers()
  for (const one of toasts.value) dismiss(one.id)
})

it('goes by itself, later where it can be undone', () => {
  vi.useFakeTimers()
  toast('saved')
  toast('assigned', { label: 'Undo', run: () => {} })
  vi.advanceTimersByTime(4000)
  expect(toasts.value.map((one) => one.text)).toEqual(['assigned'])
  vi.advanceTimersByTime(4000)
  expect(toasts.value).toEqual([])
})

it('waits while somebody points at its button', () => {
  vi.useFakeTimers()
  toast('assigned', { label: 'Undo', run: () => {} })
  held.value = toasts.value[0]!.id
  vi.advanceTimersByTime(60_000)
  expect(toasts.value).toHaveLength(1)
  held.value = 0
  vi.advanceTimersByTime(1000)
  expect(toasts.value).toEqual([])
})
