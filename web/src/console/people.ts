import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Person } from '@/api/staff'
import { api } from '@/lib/client'
import { may, me } from './session'

/** Who cases can be given to: everybody, where the reader may see them; else at least oneself. */
export function usePeople() {
  const all = useQuery({
    queryKey: ['people'],
    queryFn: ({ signal }) => api('GET /v1/staff', { query: { limit: 200 }, signal }),
    enabled: computed(() => may('staff.manage')),
    staleTime: 5 * 60_000,
  })
  const people = computed<Person[]>(() => {
    const known = (all.data.value?.items ?? []).filter((one) => one.state === 'active' && one.role !== 'auditor')
    const list = known.map(({ id, name }) => ({ id, name }))
    const self = me.value
    if (self && !list.some((one) => one.id === self.id)) list.unshift({ id: self.id, name: self.name })
    return list
  })
  const names = computed(() => new Map((all.data.value?.items ?? []).map((one) => [one.id, one.name])))
  const nameOf = (id: string): string => (id === me.value?.id ? me.value.name : (names.value.get(id) ?? ''))
  return { people, nameOf }
}
