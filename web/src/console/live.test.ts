import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { soon } from './live'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function calls() {
  const run = vi.fn()
  return { run, call: effectScope().run(() => soon(run))! }
}

it('makes one of calls that come close together', async () => {
  const { run, call } = calls()
  for (let i = 0; i < 5; i++) {
    call()
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(run).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(250)
  expect(run).toHaveBeenCalledOnce()
})

it('is not put off for ever by calls that never end', async () => {
  const { run, call } = calls()
  for (let i = 0; i < 2000; i++) {
    call()
    await vi.advanceTimersByTimeAsync(5)
  }
  expect(run.mock.calls.length).toBeGreaterThanOrEqual(4)
  expect(run.mock.calls.length).toBeLessThanOrEqual(6)
})
