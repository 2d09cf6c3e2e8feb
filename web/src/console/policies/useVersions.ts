import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api } from '@/lib/client'
import { Problem } from '@/lib/problem'

/** The versions of a policy, the newest first; none for a policy that is not there yet. */
export function useVersions(id: string) {
  const query = useQuery({
    queryKey: ['policy-versions', id],
    queryFn: async ({ signal }) => {
      try {
        return (await api('GET /v1/policies/{id}/versions', { path: { id }, signal })).items
      } catch (error) {
        if (Problem.of(error).status === 404) return []
        throw error
      }
    },
    refetchOnWindowFocus: false,
  })
  const live = computed(() => query.data.value?.find((one) => one.state === 'live'))
  const draft = computed(() => query.data.value?.find((one) => one.state === 'draft' || one.state === 'reviewed'))
  return { ...query, live, draft }
}
