import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import type { RuleReason } from '@/api/staff'
import { api } from '@/lib/client'
import { reasonText, standardReasons } from '../reasons'
import { may } from '../session'

/** One order as staff see it. */
export function useOrder(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['order', id.value]),
    queryFn: ({ signal }) => api('GET /v1/orders/{id}', { path: { id: id.value }, signal }),
    enabled: computed(() => id.value !== '' && may('order.read')),
  })
}

/** The cases of an order, found by its number. */
export function useCasesOf(number: Ref<string | undefined>) {
  const found = useQuery({
    queryKey: computed(() => ['cases-of', number.value]),
    queryFn: ({ signal }) => api('GET /v1/cases', { query: { q: number.value, limit: 50 }, signal }),
    enabled: computed(() => !!number.value && may('case.read')),
  })
  return computed(() => found.data.value?.items.filter((one) => one.order_number === number.value) ?? [])
}

/** The newest cases of a customer, on whichever order. */
export function useCasesOfCustomer(id: Ref<string | undefined>) {
  const found = useQuery({
    queryKey: computed(() => ['cases-of-customer', id.value]),
    queryFn: ({ signal }) => api('GET /v1/cases', { query: { customer: id.value, limit: 20 }, signal }),
    enabled: computed(() => !!id.value && may('case.read')),
  })
  return computed(() => found.data.value?.items ?? [])
}

/** The reasons that an order's policy offers; the usual ones where the reader may not see policies. */
export function useReasons(policy: Ref<{ id: string; version: number } | undefined>) {
  const rules = useQuery({
    queryKey: computed(() => ['policy', policy.value?.id, policy.value?.version]),
    queryFn: ({ signal }) =>
      api('GET /v1/policies/{id}', {
        path: { id: policy.value!.id },
        query: { version: policy.value!.version },
        signal,
      }),
    enabled: computed(() => policy.value !== undefined && may('policy.read')),
    staleTime: Infinity,
  })
  const known = computed<Map<string, RuleReason | undefined>>(() => {
    const listed = rules.data.value?.rules.reasons
    return new Map(listed ? listed.map((one) => [one.code, one]) : standardReasons.map((code) => [code, undefined]))
  })
  const options = computed(() => [...known.value.keys()].map((value) => ({ value, label: reasonText(value) })))
  const needsPhoto = (code: string) => known.value.get(code)?.photos === 'required'
  return { options, needsPhoto }
}
