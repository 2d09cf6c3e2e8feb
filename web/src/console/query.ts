import { QueryClient } from '@tanstack/vue-query'

/** What the console has read. The HTTP client repeats by itself, so queries do not; a page is told at once when it failed. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 15_000, gcTime: 10 * 60_000, networkMode: 'always', refetchOnReconnect: true },
    mutations: { retry: false, networkMode: 'always' },
  },
})
