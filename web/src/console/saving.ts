import { useQuery } from '@tanstack/vue-query'
import { computed, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/lib/problem'
import { toast } from '@/lib/toast'
import { queries } from './query'

/**
 * What the shop has of something, as a form that is saved as a whole. What is being edited
 * stays when it is read again; what somebody else saved meanwhile is not written over.
 */
export function useSaving<T extends { version: number }>(of: {
  key: readonly string[]
  read: (signal: AbortSignal) => Promise<T>
  fill: (now: T) => void
  changed: (from: T) => boolean
}) {
  const { data, error, isFetching, refetch } = useQuery<T>({
    queryKey: of.key,
    queryFn: ({ signal }) => of.read(signal),
    refetchOnWindowFocus: false,
  })
  const base = shallowRef<T>()
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const changed = computed(() => !!base.value && of.changed(base.value))
  /** What was read or saved; keep: of the form nothing. */
  function start(now: T, keep = false): void {
    base.value = now
    if (!keep) of.fill(now)
    queries.setQueryData(of.key, now)
  }
  watch(data, (now) => now && !changed.value && now !== base.value && start(now), { immediate: true })
  async function save(send: (version: number | '*') => Promise<T>, done: string): Promise<void> {
    if (busy.value || !base.value) return
    busy.value = true
    problem.value = undefined
    try {
      start(await send(base.value.version || '*'))
      toast(done)
    } catch (failure) {
      problem.value = Problem.of(failure)
    } finally {
      busy.value = false
    }
  }
  async function theirs(): Promise<void> {
    problem.value = undefined
    const { data: now } = await refetch()
    if (now) start(now)
  }
  return { data, error, isFetching, refetch, base, busy, problem, changed, start, save, theirs }
}
