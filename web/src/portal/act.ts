import { ref, shallowRef } from 'vue'
import type { Body } from '@/api/routes'
import type { Case } from '@/api/types'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { Problem } from '@/lib/problem'

/** One action of a customer on a case: busy while it runs, the problem when refused, and "stale" when the case had moved on. */
export function useAction(done: (changed: Case) => void, stale: () => void) {
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const intent = new Intent()

  async function run(found: Case, body: Body<'POST /v1/my/cases/{id}/actions'>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    try {
      done(
        await api('POST /v1/my/cases/{id}/actions', { path: { id: found.id }, version: found.version, body, intent }),
      )
      return true
    } catch (error) {
      problem.value = Problem.of(error)
      if (problem.value.status === 412 || problem.value.status === 409) stale()
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
