import { ref, shallowRef, type Ref } from 'vue'
import type { Case, Kind, Order } from '@/api/types'
import { t } from '@/i18n'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { Problem } from '@/lib/problem'
import { toast } from '@/lib/toast'
import type { useApplication } from './apply'
import { dropDraft } from './draft'
import { replace } from './nav'

interface What {
  order: Order
  again: Case | undefined
  kind: Ref<Kind>
  form: ReturnType<typeof useApplication>
  /** It was sent, or waits for the network. */
  sent: () => void
  /** The order is not any more what was shown. */
  changed: () => void
}

/** Sends what a form asks for, once, now or when there is a network again. */
export function useSending({ order, again, kind, form, sent, changed }: What) {
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const intent = new Intent()

  const amendment = ({ items, photos: more, comment } = form.request()) => ({
    action: 'amend',
    kind: kind.value,
    items,
    photos: more,
    comment,
  })

  /** Sends the request and answers the id of its case. */
  async function deliver(): Promise<string> {
    if (!again) return (await api('POST /v1/my/cases', { body: form.request(), intent })).id
    const { id, version } = again
    await api('POST /v1/my/cases/{id}/actions', { path: { id }, version, body: amendment(), intent })
    return id
  }

  // What is needed without a network is read while there is one.
  const later = import('./outbox').catch(() => undefined)

  /** The network went away: it is sent when it is back, under the key of this attempt. */
  function wait(outbox: typeof import('./outbox')): void {
    const key = intent.keyFor(again ? amendment() : form.request())
    const what = again
      ? { again: { id: again.id, version: again.version, body: amendment() } }
      : { request: form.request() }
    outbox.enqueue({ key, draft: form.key, order: order.id, ...what })
    dispatchEvent(new Event('aftercare:queued'))
    sent()
    toast(t('apply.queued'))
  }

  async function submit(): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = undefined
    try {
      const id = await deliver()
      dropDraft(form.key)
      void later.then((outbox) => outbox?.settle(form.key, order.id))
      sent()
      toast(t('apply.sent'))
      await replace(`/cases/${id}`)
    } catch (error) {
      const found = Problem.of(error)
      const outbox = found.unreachable && (await later)
      if (outbox) return wait(outbox)
      problem.value = found
      if (problem.value.status === 409 || problem.value.status === 412) changed()
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, submit }
}
