import { useQuery } from '@tanstack/vue-query'
import { api } from '@/lib/client'

/** The seal of a case; what just happened is sealed within a second, so it is asked again until nothing waits. */
export const useSeal = (id: string) =>
  useQuery({
    queryKey: ['seal', id],
    queryFn: ({ signal }) => api('GET /v1/cases/{id}/seal', { path: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.waiting ? 1000 : false),
    retry: false,
  })
