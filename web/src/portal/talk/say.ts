import { computed, ref, shallowRef, watch } from 'vue'
import type { Message, NewMessage } from '@/api/talk'
import type { Photo } from '@/api/types'
import { lang, t } from '@/i18n'
import { api } from '@/lib/client'
import { dropFiles } from '@/lib/files'
import { Intent } from '@/lib/intent'
import { keep, kept } from '@/lib/keep'
import { Problem } from '@/lib/problem'
import { Seen } from '@/lib/talk'
import { announce } from '@/lib/toast'
import { enqueue, waiting } from '../outbox'

/** The message a customer is writing: kept until it is sent, and sent once. */
export function useSaying(id: string, seen: () => number, sent: (one: Message) => void) {
  const name = `talk.${id}`
  const text = ref(kept(name))
  watch(text, (now) => keep(name, now))
  const files = shallowRef<Photo[]>([])
  const sending = ref(0)
  const failed = ref(0)
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const intent = new Intent()
  const screen = new Seen()
  const ready = computed(() => text.value.trim() !== '' || files.value.length > 0)
  function body(): NewMessage {
    const what = {
      ...(text.value.trim() ? { text: text.value.trim() } : {}),
      ...(files.value.length ? { files: files.value.map((one) => one.id) } : {}),
      language: lang.value,
    }
    return { ...what, seen: screen.of(what, seen()) }
  }
  function clear(): void {
    text.value = ''
    files.value = []
    intent.done()
    screen.done()
    void dropFiles(name)
  }

  async function send(): Promise<void> {
    if (busy.value || !ready.value) return
    if (sending.value) return announce(t('apply.photos.wait'))
    busy.value = true
    problem.value = undefined
    const what = body()
    const key = intent.keyFor(what)
    try {
      const one = await api('POST /v1/my/cases/{id}/messages', { path: { id }, body: what, intent })
      clear()
      announce(t('talk.sent'))
      sent(one)
    } catch (error) {
      const found = Problem.of(error)
      if (!found.unreachable) return void (problem.value = found)
      enqueue({ key, draft: `${name}.${key}`, order: '', say: { id, body: what } })
      dispatchEvent(new Event('aftercare:queued'))
      clear()
      announce(t('talk.queued'))
    } finally {
      busy.value = false
    }
  }
  /** What was written without a network and waits for it. */
  const queued = computed(() => waiting.value.filter((one) => one.say?.id === id))
  return { text, files, sending, failed, busy, problem, ready, queued, send }
}
