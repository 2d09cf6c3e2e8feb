import { shallowReactive } from 'vue'
import type { Case, Charge, ParcelDetail } from '@/api/types'
import { api } from '@/lib/client'
import { unsent } from './parcels'

// What belongs to a case and is read beside it. It is there before the case is
// shown; a part of the page that misses it reads it itself and says why it could not.

export const charges = shallowReactive<Record<string, Charge>>({})
export const parcels = shallowReactive<Record<string, ParcelDetail>>({})

export async function readCharge(id: string, signal?: AbortSignal): Promise<void> {
  charges[id] = await api('GET /v1/my/charges/{id}', { path: { id }, ...(signal && { signal }) })
}

/** How the parcels of a case get to the carrier, and what became of stopping one. */
export async function readParcels(id: string, signal?: AbortSignal): Promise<void> {
  const { items } = await api('GET /v1/my/cases/{id}/parcels', { path: { id }, ...(signal && { signal }) })
  for (const one of items) parcels[one.id] = one
}

/** Reads all that the page of a case shows besides the case. */
export async function readBeside(found: Case, signal?: AbortSignal): Promise<void> {
  const owed = [found.exchange?.charge, found.advance?.charge].filter((id) => id !== undefined)
  const asked = found.parcels.some((one) => unsent(one) || one.direction === 'original')
  await Promise.allSettled([
    ...owed.map((id) => readCharge(id, signal)),
    ...(asked ? [readParcels(found.id, signal)] : []),
  ])
}
