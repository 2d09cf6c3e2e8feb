import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import { useHistory } from './history'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('takes what was typed in one go as one step, and gives it back', async () => {
  const model = ref<{ days: number } | undefined>({ days: 7 })
  const history = useHistory(model)
  history.restart()
  model.value!.days = 1
  await nextTick()
  model.value!.days = 14
  await nextTick()
  vi.advanceTimersByTime(500)
  model.value = { days: 30 }
  await nextTick()
  history.undo()
  expect(model.value).toEqual({ days: 14 })
  history.undo()
  expect(model.value).toEqual({ days: 7 })
  expect(history.canUndo.value).toBe(false)
  history.redo()
  history.redo()
  expect(model.value).toEqual({ days: 30 })
  expect(history.canRedo.value).toBe(false)
})

it('forgets what was undone when something else is typed', async () => {
  const model = ref<{ days: number } | undefined>({ days: 7 })
  const history = useHistory(model)
  history.restart()
  model.value = { days: 14 }
  await nextTick()
  vi.advanceTimersByTime(500)
  history.undo()
  await nextTick()
  model.value = { days: 3 }
  await nextTick()
  vi.advanceTimersByTime(500)
  expect([history.canRedo.value, history.canUndo.value]).toEqual([false, true])
})
