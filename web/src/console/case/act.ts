import { ref, shallowRef, type Ref } from 'vue'
import type { CaseActionBody, StaffCase, StaffEvent } from '@/api/staff'
import { t } from '@/i18n'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { problemText } from '@/i18n/problem'
import { Problem } from '@/lib/problem'
import { toast, type Undo } from '@/lib/toast'
import { patchRow } from '../inbox/inbox'
import { queries } from '../query'
import { summaryOf } from '../words'

/** Puts a case that was just read everywhere it is shown. */
export function store(found: StaffCase): void {
  queries.setQueryData(['case', found.id], found)
  patchRow(summaryOf(found))
}

/** The last thing somebody did to a case: what to tell a person who was overtaken. */
export const lastEvent = (found: StaffCase): StaffEvent | undefined =>
  found.timeline.toSorted((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id)).at(-1)

/**
 * One action of staff on a case. When somebody else was faster, the case is
 * read again and `overtaken` says what happened; what was typed stays, and the
 * next press goes out with the new version.
 */
export function useCaseAction(found: Ref<StaffCase | undefined>) {
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const overtaken = shallowRef<StaffEvent>()
  const intent = new Intent()

  async function run(body: CaseActionBody): Promise<StaffCase | undefined> {
    const now = found.value
    if (busy.value || !now) return undefined
    busy.value = true
    problem.value = undefined
    overtaken.value = undefined
    try {
      const changed = await api('POST /v1/cases/{id}/actions', {
        path: { id: now.id },
        version: now.version,
        body,
        intent,
      })
      store(changed)
      return changed
    } catch (error) {
      const refused = Problem.of(error)
      if (refused.status === 412) await explain(now.id, refused)
      else problem.value = refused
      return undefined
    } finally {
      busy.value = false
    }
  }

  async function explain(id: string, refused: Problem): Promise<void> {
    try {
      const fresh = await api('GET /v1/cases/{id}', { path: { id } })
      store(fresh)
      overtaken.value = lastEvent(fresh)
      if (!overtaken.value) problem.value = refused
    } catch {
      problem.value = refused
    }
  }
  function reset(): void {
    problem.value = undefined
    overtaken.value = undefined
  }
  return { busy, problem, overtaken, run, reset }
}

/** Whether an action is possible now, and why not. */
export function actionOf(found: StaffCase | undefined, name: CaseActionBody['action']) {
  const one = found?.actions.find((action) => action.action === name)
  return { allowed: one?.allowed ?? false, why: one?.reason?.text ?? '', role: one?.reason?.code === 'role' || !one }
}

/** The newest note of one's own. */
export const lastNote = (found: StaffCase): StaffEvent | undefined =>
  found.timeline.findLast((one) => one.type === 'case.noted' && one.mine)

/** Takes a note of one's own back: its text is shown to nobody any more. */
export async function takeBack(id: string, note: string): Promise<void> {
  try {
    store(await api('DELETE /v1/cases/{id}/notes/{note}', { path: { id, note } }))
    toast(t('note.taken'))
  } catch (error) {
    toast(t('undo.failed', { why: problemText(Problem.of(error)) }))
  }
}
export const undoNote = (found: StaffCase, note: StaffEvent): Undo => ({
  label: t('undo.do'),
  run: () => void takeBack(found.id, note.id),
})
