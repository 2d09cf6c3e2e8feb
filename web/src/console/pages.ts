import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, watch, type Ref } from 'vue'
import type { Page } from '@/api/types'

/** A list that is read page by page; what was read stays on the screen when the next page fails. */
export function useRows<T, P extends Page<T> = Page<T>>(
  key: Ref<unknown[]>,
  read: (cursor: string, signal: AbortSignal) => Promise<P & Page<T>>,
) {
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last: P & Page<T>) => last.next || undefined,
  })
  const rows = computed(() => list.data.value?.pages.flatMap((page): T[] => page.items))
  // A page may hold nothing and still go on: rare matches are looked for in steps.
  watch([rows, list.data], () => {
    const on = list.hasNextPage.value && !list.isFetchingNextPage.value && !list.isFetchNextPageError.value
    if (rows.value?.length === 0 && on) void list.fetchNextPage()
  })
  const again = () => void (list.isFetchNextPageError.value ? list.fetchNextPage() : list.refetch())
  /** What a DataTable is bound to. */
  const table = computed(() => ({
    rows: rows.value,
    error: list.error.value,
    busy: list.isFetching.value,
    more: list.hasNextPage.value,
    moreBusy: list.isFetchingNextPage.value,
    onRetry: again,
    onMore: () => void list.fetchNextPage(),
  }))
  return { list, rows, again, table }
}
