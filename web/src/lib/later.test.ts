import { afterEach, expect, test, vi } from 'vitest'
import { createApp, h, nextTick } from 'vue'
import { later } from './later'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const part = { render: () => h('p', 'here') }

function show(load: () => Promise<typeof part>): HTMLElement {
  const root = document.createElement('div')
  const app = createApp(later(load))
  app.config.errorHandler = (error) => wrong.push(error)
  app.mount(root)
  return root
}
let wrong: unknown[] = []

test('a part asked for without a network comes with the network', async () => {
  wrong = []
  const there = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const load = vi.fn().mockRejectedValueOnce(new TypeError('gone')).mockResolvedValue(part)
  const root = show(load)
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1))
  await nextTick()
  expect(root.textContent).toBe('')
  there.mockReturnValue(true)
  window.dispatchEvent(new Event('online'))
  await vi.waitFor(() => expect(root.textContent).toBe('here'))
  expect(load).toHaveBeenCalledTimes(2)
  expect(wrong).toEqual([])
})

test('a part that does not exist is an error after four tries', async () => {
  wrong = []
  vi.useFakeTimers()
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true)
  const load = vi.fn().mockRejectedValue(new TypeError('404'))
  show(load)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(load).toHaveBeenCalledTimes(4)
  expect(String(wrong[0])).toContain('404')
})
