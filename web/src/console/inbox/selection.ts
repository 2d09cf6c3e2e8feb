import { computed, ref, watch, type Ref } from 'vue'
import type { CaseSummary } from '@/api/types'

/** As many cases as one call may name. */
export const mostAtOnce = 100

/** The cases that somebody marked to do the same to all of them. */
export function useSelection(rows: Ref<CaseSummary[] | undefined>, key: Ref<unknown>) {
  const ids = ref(new Set<string>())
  const chosen = computed(() => (rows.value ?? []).filter((row) => ids.value.has(row.id)))
  const full = computed(() => ids.value.size >= mostAtOnce)
  // Another filter shows other cases: what is not in sight is not acted on.
  watch(key, () => clear())

  function toggle(id: string): void {
    const next = new Set(ids.value)
    if (!next.delete(id) && next.size < mostAtOnce) next.add(id)
    ids.value = next
  }
  function clear(): void {
    if (ids.value.size) ids.value = new Set()
  }
  /** Marks what is loaded, as far as one call allows. */
  function all(): void {
    ids.value = new Set((rows.value ?? []).slice(0, mostAtOnce).map((row) => row.id))
  }
  const keep = (some: string[]) => (ids.value = new Set(some))
  return { ids, chosen, full, toggle, clear, all, keep }
}
export type Selection = ReturnType<typeof useSelection>
