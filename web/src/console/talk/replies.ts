import { useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import { api } from '@/lib/client'
import { queries } from '../query'

/** Every ready-made text that this person may use. */
export const useAllReplies = () =>
  useQuery({ queryKey: ['replies'], queryFn: ({ signal }) => api('GET /v1/replies', { signal }) })

const shown = 8

/** The ready-made texts that fit what is typed behind a slash; asked for when typing rests. */
export function useReplies() {
  const words = ref<string>()
  const list = useQuery({
    queryKey: computed(() => ['replies', words.value ?? '']),
    queryFn: ({ signal }) => api('GET /v1/replies', { query: { q: words.value ?? '' }, signal }),
    enabled: computed(() => words.value !== undefined),
    placeholderData: (before) => before,
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  function look(now: string): void {
    clearTimeout(timer)
    timer = setTimeout(() => (words.value = now), words.value === undefined ? 0 : 120)
  }
  return { found: computed(() => (list.data.value?.items ?? []).slice(0, shown)), look }
}

export const changed = () => queries.invalidateQueries({ queryKey: ['replies'] })
