import type { ParcelHit } from '@/api/staff'
import { api } from '@/lib/client'
import { Problem } from '@/lib/problem'
import { online } from '@/lib/online'

/** What a scanned code turned out to be. */
export type Finding =
  | { is: 'parcel'; hit: ParcelHit }
  | { is: 'several'; hits: ParcelHit[] }
  /** On its way to a customer: nobody counts it. */
  | { is: 'outbound'; hit: ParcelHit }
  /** The link on our own label. */
  | { is: 'case'; id: string }
  | { is: 'unknown' }
  | { is: 'offline' }
  | { is: 'refused'; problem: Problem }

const link = /^https?:\/\/[^\s]+\/cases\/(case_\w+)/

/** The code as it is stored: scanners and people add blanks. */
export const plain = (code: string): string => code.replace(/\s+/g, '')

export async function findParcel(code: string): Promise<Finding> {
  const tracking = plain(code)
  const own = link.exec(tracking)
  if (own) return { is: 'case', id: own[1]! }
  try {
    const { items } = await api('GET /v1/parcels', { query: { tracking: tracking.slice(0, 100) } })
    const back = items.filter((hit) => hit.direction === 'return')
    if (back.length === 1) return { is: 'parcel', hit: back[0]! }
    if (back.length > 1) return { is: 'several', hits: back }
    return items[0] ? { is: 'outbound', hit: items[0] } : { is: 'unknown' }
  } catch (error) {
    const problem = Problem.of(error)
    if (problem.status === 404) return { is: 'unknown' }
    return problem.status === 0 && !online.value ? { is: 'offline' } : { is: 'refused', problem }
  }
}
