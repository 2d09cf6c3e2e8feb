import { ref, shallowRef } from 'vue'
import type { BulkBody, BulkOutcome } from '@/api/staff'
import type { Amount, CaseSummary } from '@/api/types'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { Problem } from '@/lib/problem'
import { queries } from '../query'
import { confirmed, NotConfirmed } from '../security/stepup'
import { me } from '../session'

/** What cases are worth together, by currency. */
export function worth(rows: CaseSummary[]): Amount[] {
  const sums = new Map<string, number>()
  for (const { amount } of rows) sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + amount.minor)
  return [...sums].map(([currency, minor]) => ({ minor, currency }))
}

/** Only requests that wait for an answer can be approved. */
export const approvable = (row: CaseSummary): boolean => row.state === 'submitted'

const amountOf = (fact: unknown): Amount | undefined =>
  fact && typeof fact === 'object' && 'minor' in fact && 'currency' in fact ? (fact as Amount) : undefined

/** The limit that was passed, where that is the problem. */
export function limitOf(problem?: Problem): { total: Amount; limit: Amount } | undefined {
  const total = amountOf(problem?.facts.total)
  const limit = amountOf(problem?.facts.limit)
  return problem?.code === 'cases.bulk_limit' && total && limit ? { total, limit } : undefined
}

/** The same for many cases in one call, each on its own; approving may ask for the password first. */
export function useBulk() {
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const locked = ref(false)
  const outcomes = shallowRef<BulkOutcome[]>()
  const intent = new Intent()

  async function guarded(work: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = undefined
    try {
      await work()
      locked.value = false
    } catch (error) {
      if (error instanceof NotConfirmed) return
      const refused = Problem.of(error)
      if (refused.code === 'session.step_up_required') locked.value = true
      else problem.value = refused
    } finally {
      busy.value = false
    }
  }
  async function send(body: BulkBody): Promise<void> {
    outcomes.value = (await api('POST /v1/cases/bulk', { body, intent })).items
    for (const key of ['cases', 'case', 'counts']) void queries.invalidateQueries({ queryKey: [key] })
  }
  // Who has a second factor confirms with it; a password alone is not enough then.
  const run = (body: BulkBody) => guarded(() => (me.value?.factors?.length ? confirmed(() => send(body)) : send(body)))
  const unlock = (password: string, body: BulkBody) =>
    guarded(async () => {
      await api('POST /v1/session/step-up', { body: { password }, attempts: 1 })
      await send(body)
    })
  return { busy, problem, locked, outcomes, run, unlock }
}
