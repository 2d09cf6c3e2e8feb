import { useQuery } from '@tanstack/vue-query'
import type { AccountKind, MerchantAccount, Provider } from '@/api/account'
import { api } from '@/lib/client'
import { queries } from '../query'

/** The shop's accounts of a kind; asked again soon while one is being tried. */
export function useAccounts(kind: AccountKind) {
  return useQuery({
    queryKey: ['accounts', kind],
    queryFn: ({ signal }) => api('GET /v1/accounts', { query: { kind }, signal }),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.test.state === 'running') ? 1_000 : 30_000),
  })
}

/** The companies that accounts can be of. */
export function useProviders() {
  return useQuery({
    queryKey: ['account-providers'],
    queryFn: ({ signal }) => api('GET /v1/accounts/providers', { signal }),
    staleTime: Infinity,
  })
}

export const again = (): void => void queries.invalidateQueries({ queryKey: ['accounts'] })

/** What a form holds: each field of the company by name. Secrets that are there are left empty. */
export function valuesOf(provider: Provider, account?: MerchantAccount): Record<string, string> {
  return Object.fromEntries(
    provider.fields.map((one) => [one.name, one.secret ? '' : (account?.settings[one.name] ?? '')]),
  )
}

/** What a form sends: settings whole, of the secrets only those that were typed or are to be forgotten. */
export function partsOf(provider: Provider, values: Record<string, string>, forgotten: string[]) {
  const settings: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  for (const one of provider.fields) {
    const value = values[one.name]?.trim() ?? ''
    if (!one.secret) {
      if (value) settings[one.name] = value
    } else if (value || forgotten.includes(one.name)) secrets[one.name] = value
  }
  return { settings, secrets }
}

/** Which needed fields are empty; a secret that is kept is not. */
export function missing(provider: Provider, values: Record<string, string>, account?: MerchantAccount): string[] {
  const kept = account?.secrets.map((one) => one.name) ?? []
  return provider.fields
    .filter((one) => one.required && !values[one.name]?.trim() && !(one.secret && kept.includes(one.name)))
    .map((one) => one.name)
}
