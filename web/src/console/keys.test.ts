import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { setSingleKeys, useKeys, type Keys } from './keys'

let scope = effectScope()
const use = (keys: Keys) => scope.run(() => useKeys(keys))
function press(code: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }))
}

beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  setSingleKeys(true)
  document.body.innerHTML = ''
  vi.useRealTimers()
})

describe('a key', () => {
  it('is found by where it sits, and those added last win', () => {
    const first = vi.fn<() => void>()
    const second = vi.fn<() => void>()
    use({ KeyJ: first })
    use({ KeyJ: second })
    press('KeyJ', { key: 'о' })
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
  })

  it('is left alone in fields, while composing, under a dialog, and with Alt', () => {
    const run = vi.fn<() => void>()
    use({ KeyA: run })
    const field = document.body.appendChild(document.createElement('textarea'))
    press('KeyA', {}, field)
    press('KeyA', { isComposing: true })
    press('KeyA', { altKey: true })
    document.body.appendChild(document.createElement('dialog')).setAttribute('open', '')
    press('KeyA')
    expect(run).not.toHaveBeenCalled()
  })

  it('with Ctrl works everywhere, also when single keys are off', () => {
    const single = vi.fn<() => void>()
    const palette = vi.fn<() => void>()
    use({ KeyA: single, 'Mod+KeyK': palette })
    setSingleKeys(false)
    press('KeyA')
    press('KeyK', { ctrlKey: true })
    press('KeyK', { metaKey: true })
    expect([single.mock.calls.length, palette.mock.calls.length]).toEqual([0, 2])
  })
})

describe('g', () => {
  it('goes to a place when a letter follows, and is a key of its own when none does', () => {
    const orders = vi.fn<() => void>()
    const grade = vi.fn<() => void>()
    use({ 'g KeyO': orders, KeyG: grade })
    press('KeyG')
    press('KeyO')
    vi.runAllTimers()
    expect([orders.mock.calls.length, grade.mock.calls.length]).toEqual([1, 0])
    press('KeyG')
    vi.runAllTimers()
    expect([orders.mock.calls.length, grade.mock.calls.length]).toEqual([1, 1])
  })
})

it('keys go with the component that brought them', () => {
  const run = vi.fn<() => void>()
  use({ KeyJ: run })
  scope.stop()
  press('KeyJ')
  expect(run).not.toHaveBeenCalled()
})
