import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import type { KeptView } from '@/api/staff'
import { t, tOr } from '@/i18n'
import { api } from '@/lib/client'
import { toast } from '@/lib/toast'
import { onLive, soon } from '../live'
import { queries } from '../query'
import { fromKept, keptQuery } from './address'
import type { Filter } from './inbox'

/** The kept lists of this person, with how many cases each has. */
export function useViews(filter: Ref<Filter>) {
  const all = useQuery({
    queryKey: ['views'],
    queryFn: ({ signal }) => api('GET /v1/views', { query: { counts: true }, signal }),
    placeholderData: (before) => before,
  })
  // Counting is cheap and still not free: what comes close together is counted once.
  onLive(soon(() => void all.refetch(), 1500))
  const views = computed(() => all.data.value?.items ?? [])
  /** The list that is shown: the one that was opened, or one that is just the same. */
  const current = computed(() => {
    const opened = views.value.find((one) => one.id === filter.value.view)
    return opened ?? views.value.find((one) => one.query === keptQuery(filter.value))
  })
  const changed = computed(() => !!current.value && current.value.query !== keptQuery(filter.value))
  const open = (view: KeptView) => (filter.value = fromKept(view.query, view.id))
  return { all, views, current, changed, open }
}
export type Views = ReturnType<typeof useViews>

export const nameOf = (view: KeptView): string => (view.built_in ? tOr(`view.${view.id}`, view.id) : view.name)
export const countOf = (view: KeptView): string =>
  view.count === undefined ? '' : `${view.count}${view.more ? '+' : ''}`

const again = () => queries.invalidateQueries({ queryKey: ['views'] })

export async function keepView(name: string, query: string, shared: boolean): Promise<KeptView> {
  const kept = await api('POST /v1/views', { body: { name, query, shared } })
  void again()
  toast(t('view.kept', { name: kept.name }))
  return kept
}
export async function changeView(view: KeptView, query: string): Promise<void> {
  const body = { name: view.name, query, shared: view.shared }
  await api('PUT /v1/views/{id}', { path: { id: view.id }, version: view.version, body })
  void again()
  toast(t('view.kept', { name: view.name }))
}
export async function deleteView(view: KeptView): Promise<void> {
  await api('DELETE /v1/views/{id}', { path: { id: view.id } })
  void again()
  const run = () => keepView(view.name, view.query, view.shared)
  toast(t('view.deleted', { name: view.name }), { label: t('undo.do'), run: () => void run().catch(() => again()) })
}
/** Puts a view one place up or down. */
export async function moveView(views: KeptView[], view: KeptView, by: number): Promise<void> {
  const ids = views.map((one) => one.id)
  const at = ids.indexOf(view.id)
  if (at + by < 0 || at + by >= ids.length) return
  ids.splice(at + by, 0, ...ids.splice(at, 1))
  await api('PUT /v1/views-order', { body: { ids } })
  await again()
}
