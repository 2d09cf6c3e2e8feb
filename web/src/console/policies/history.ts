import { computed, ref, watch, type Ref } from 'vue'

/**
 * Undo and redo of what is edited: a state is kept when nothing has changed for
 * a moment, so that a word is one step and not five.
 */
export function useHistory<T>(model: Ref<T | undefined>, wait = 400, most = 100) {
  const past = ref<string[]>([])
  const future = ref<string[]>([])
  let now = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  function settle(): void {
    clearTimeout(timer)
    timer = undefined
    if (model.value === undefined) return
    const next = JSON.stringify(model.value)
    if (next === now) return
    if (now) past.value = [...past.value, now].slice(-most)
    future.value = []
    now = next
  }
  watch(
    model,
    () => {
      clearTimeout(timer)
      timer = setTimeout(settle, wait)
    },
    { deep: true },
  )
  function take(from: Ref<string[]>, to: Ref<string[]>): void {
    settle()
    const state = from.value.at(-1)
    if (state === undefined) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, now]
    now = state
    model.value = JSON.parse(state) as T
  }
  /** Forgets all steps: what is there now is the beginning. */
  function restart(): void {
    clearTimeout(timer)
    past.value = []
    future.value = []
    now = model.value === undefined ? '' : JSON.stringify(model.value)
  }
  return {
    undo: () => take(past, future),
    redo: () => take(future, past),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    restart,
    settle,
  }
}
