import { onScopeDispose, ref, shallowRef } from 'vue'
import { Problem } from './problem'

/**
 * Reads something for a page and keeps data, problem and "slow" apart: what is
 * shown stays while it is read again, and an answer that was overtaken is dropped.
 */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>) {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const loading = ref(false)
  const slow = ref(false)
  let current: AbortController | undefined

  async function load(): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    loading.value = true
    const timer = setTimeout(() => (slow.value = true), 200)
    try {
      const answer = await read(mine.signal)
      if (current !== mine) return
      data.value = answer
      problem.value = undefined
    } catch (error) {
      if (current === mine) problem.value = Problem.of(error)
    } finally {
      clearTimeout(timer)
      if (current === mine) loading.value = slow.value = false
    }
  }
  onScopeDispose(() => {
    const mine = current
    current = undefined
    mine?.abort()
  })
  return { data, problem, loading, slow, load }
}
