import { effectScope, type Ref } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useLive } from './live'

class Stream extends EventTarget {
  static all: Stream[] = []
  readyState = 0
  constructor(readonly url: string) {
    super()
    Stream.all.push(this)
  }
  close(): void {
    this.readyState = 2
  }
  say(type: string, id = '', data = '1'): void {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }))
  }
}

const changed = vi.fn()
let open: Ref<boolean>
let scope: ReturnType<typeof effectScope>
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Object.assign(Stream, { CLOSED: 2 }))
  Stream.all = []
  changed.mockClear()
  scope = effectScope()
  open = scope.run(() => useLive(() => '/v1/live', changed).open)!
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})
const last = () => Stream.all.at(-1)!

it('stays with a stream that gives signs of life', async () => {
  last().say('open')
  for (let i = 0; i < 10; i++) {
    await vi.advanceTimersByTimeAsync(20_000)
    last().say('beat')
  }
  expect(Stream.all.length).toBe(1)
  expect(open.value).toBe(true)
  expect(changed).toHaveBeenCalledOnce() // by opening it; a beat is no news
})

it('leaves a stream that is dead without an error, and goes on where it was', async () => {
  last().say('open')
  last().say('ready', '41')
  await vi.advanceTimersByTimeAsync(61_000)
  expect(Stream.all.length).toBe(2)
  expect(Stream.all[0]!.readyState).toBe(2)
  expect(last().url).toBe('/v1/live?last_event_id=41')
  expect(open.value).toBe(false)
  expect(changed).toHaveBeenCalledTimes(2) // nothing is shown that may be old
  last().say('open')
  expect(open.value).toBe(true)
})

it('does so at once when a laptop wakes up', () => {
  last().say('open')
  vi.setSystemTime(Date.now() + 3_600_000)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(Stream.all.length).toBe(2)
})
