import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Colleague, Person, StaffCase } from '@/api/staff'
import { api } from '@/lib/client'
import { me } from './session'

/** Everybody who works on cases; who is many pages long is read to the end, once. */
async function everybody(signal: AbortSignal): Promise<Colleague[]> {
  const all: Colleague[] = []
  for (let cursor = ''; ;) {
    const page = await api('GET /v1/colleagues', { query: { limit: 200, ...(cursor ? { cursor } : {}) }, signal })
    all.push(...page.items)
    if (!page.next || all.length >= 2000) return all
    cursor = page.next
  }
}

/** Somebody who works on cases; those of a seller only on its own. */
interface Worker extends Person {
  seller?: string
}
/** Those who may see a case. */
export const seeing = <P extends Worker>(people: P[], found: Pick<StaffCase, 'seller'>): P[] =>
  people.filter((one) => !one.seller || one.seller === found.seller)

/** Who cases can be given to, and the names of those who had some. */
export function usePeople() {
  const all = useQuery({
    queryKey: ['people'],
    queryFn: ({ signal }) => everybody(signal),
    enabled: computed(() => !!me.value),
    staleTime: 5 * 60_000,
  })
  const people = computed<Worker[]>(() => {
    const list = (all.data.value ?? [])
      .filter((one) => one.active)
      .map(({ id, name, seller }): Worker => ({ id, name, ...(seller ? { seller } : {}) }))
    list.sort((a, b) => a.name.localeCompare(b.name))
    const self = me.value
    const rest = list.filter((one) => one.id !== self?.id)
    return self ? [{ id: self.id, name: self.name }, ...rest] : rest
  })
  const names = computed(() => new Map((all.data.value ?? []).map((one) => [one.id, one.name])))
  const nameOf = (id: string): string => (id === me.value?.id ? me.value.name : (names.value.get(id) ?? ''))
  return { people, nameOf }
}
