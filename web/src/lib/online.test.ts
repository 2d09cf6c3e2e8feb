import { afterEach, expect, it, vi } from 'vitest'
import { doubt, online } from './online'

afterEach(() => vi.restoreAllMocks())

it('believes the browser when the server answers', async () => {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 503 }))
  await doubt()
  expect(online.value).toBe(true)
})

it('is offline while nothing answers, and says when the network is back', async () => {
  vi.useFakeTimers()
  const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('lost'))
  const back = vi.fn()
  window.addEventListener('online', back)
  const asked = doubt()
  await vi.advanceTimersByTimeAsync(500)
  expect(online.value).toBe(false)
  expect(back).not.toHaveBeenCalled()
  fetch.mockResolvedValue(new Response(''))
  await vi.advanceTimersByTimeAsync(2000)
  await asked
  expect(online.value).toBe(true)
  expect(back).toHaveBeenCalledOnce()
  vi.useRealTimers()
})
