import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api } from '@/lib/client'
import { onLive, soon } from '../live'
import { me } from '../session'

/** How often colleagues mentioned this person without being read; rings when it happens. */
export function useBell() {
  const few = useQuery({
    queryKey: ['mentions', 'unread'],
    queryFn: ({ signal }) => api('GET /v1/mentions', { query: { unread: true, limit: 1 }, signal }),
    enabled: computed(() => !!me.value),
    staleTime: 60_000,
  })
  const again = soon(() => void few.refetch())
  onLive((event) => {
    if (!event || event.type === 'reset' || event.type === 'mention.made') again()
  })
  return computed(() => few.data.value?.unread ?? 0)
}
