import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** Filters of a page that live in its address: each name with its value, empty where it is not set. */
export function useAddress<N extends string>(...names: N[]) {
  const route = useRoute()
  const router = useRouter()
  const values = computed(
    () =>
      Object.fromEntries(
        names.map((name) => [name, typeof route.query[name] === 'string' ? route.query[name] : '']),
      ) as Record<N, string>,
  )
  function set(changes: Partial<Record<N, string>>): void {
    const next = { ...values.value, ...changes }
    void router.replace({
      query: Object.fromEntries(names.flatMap((name) => (next[name] ? [[name, next[name]]] : []))),
    })
  }
  /** One of them as a model for a form. */
  const field = <V extends string = string>(name: N) =>
    computed<V | ''>({
      get: () => values.value[name] as V | '',
      set: (value) => set({ [name]: value } as Partial<Record<N, string>>),
    })
  return { values, set, field }
}

/** The beginning of a day, or the end of it, as an instant; empty where no day was given. */
export function instantOf(day: string, end = false): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return ''
  const date = new Date(`${day}T00:00:00`)
  if (Number.isNaN(date.getTime())) return ''
  if (end) date.setDate(date.getDate() + 1)
  return date.toISOString()
}
