import { ref, type Ref } from 'vue'
import type { StaffCase } from '@/api/staff'
import { t } from '@/i18n'
import { api } from '@/lib/client'
import { problemText } from '@/i18n/problem'
import { Problem } from '@/lib/problem'
import { toast, type Undo } from '@/lib/toast'
import { me } from '../session'
import { actionOf, store } from './act'

const assign = (found: StaffCase, to?: string) =>
  api('POST /v1/cases/{id}/actions', {
    path: { id: found.id },
    version: found.version,
    body: { action: 'assign', ...(to ? { assignee: to } : {}) },
  })

/** Gives a case back to whom it belonged, if nobody has touched it since. */
export function undoAssign(before: StaffCase, after: StaffCase): Undo {
  const run = async () => {
    try {
      store(await assign(after, before.assignee?.id))
      toast(t('undo.done'))
    } catch (error) {
      toast(t('undo.failed', { why: problemText(Problem.of(error)) }))
    }
  }
  return { label: t('undo.do'), run }
}

const sure = 6000

function done(before: StaffCase, after: StaffCase, to: string): void {
  store(after)
  toast(t(to ? 'assign.taken' : 'assign.left', { number: after.number }), undoAssign(before, after))
}

/**
 * Takes a case with one key, and lets go of it with the same. A claim names the
 * version that was seen, so that of two people one gets it and the other is told
 * who was faster. Somebody else's case is taken over only by a second press.
 */
export function useClaim(found: Ref<StaffCase | undefined>) {
  const said = ref('')
  const busy = ref(false)
  let asked = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  function say(text: string): void {
    said.value = text
    clearTimeout(timer)
    timer = setTimeout(() => (said.value = asked = ''), sure)
  }

  async function claim(): Promise<void> {
    const now = found.value
    const self = me.value
    if (busy.value || !now || !self || !actionOf(now, 'assign').allowed) return
    const owner = now.assignee
    if (owner && owner.id !== self.id && asked !== owner.id) {
      asked = owner.id
      return say(t('claim.theirs', { name: owner.name }))
    }
    busy.value = true
    said.value = asked = ''
    try {
      await take(now, owner?.id === self.id ? '' : self.id)
    } catch (error) {
      say(problemText(Problem.of(error)))
    } finally {
      busy.value = false
    }
  }

  async function take(seen: StaffCase, to: string): Promise<void> {
    try {
      done(seen, await assign(seen, to), to)
    } catch (error) {
      if (Problem.of(error).status !== 412) throw error
      const fresh = await api('GET /v1/cases/{id}', { path: { id: seen.id } })
      store(fresh)
      const winner = fresh.assignee
      if (winner?.id === seen.assignee?.id) {
        // Something else has changed, not whose it is.
        done(fresh, await assign(fresh, to), to)
      } else if (winner && winner.id !== me.value?.id) say(t('claim.faster', { name: winner.name }))
    }
  }
  return { claim, said, busy }
}
