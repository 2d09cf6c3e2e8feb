import { onScopeDispose, ref } from 'vue'
import type { EvidenceFile } from '@/api/seal'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { Problem } from '@/lib/problem'

/** Has the evidence of a case made into a file, and tells how far it is. */
export function useEvidence(mine: boolean, id: string) {
  const file = ref<EvidenceFile>()
  const problem = ref<Problem>()
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function look(): Promise<void> {
    if (gone || !file.value) return
    const path = { id, file: file.value.id }
    try {
      file.value = mine
        ? await api('GET /v1/my/cases/{id}/evidence/{file}', { path })
        : await api('GET /v1/cases/{id}/evidence/{file}', { path })
    } catch (error) {
      problem.value = Problem.of(error)
      busy.value = false
      return
    }
    busy.value = file.value.state === 'waiting' || file.value.state === 'making'
    if (busy.value && !gone) timer = setTimeout(look, 400)
  }

  async function ask(): Promise<void> {
    busy.value = true
    problem.value = undefined
    const intent = new Intent()
    try {
      file.value = mine
        ? await api('POST /v1/my/cases/{id}/evidence', { path: { id }, intent })
        : await api('POST /v1/cases/{id}/evidence', { path: { id }, intent })
      await look()
    } catch (error) {
      problem.value = Problem.of(error)
      busy.value = false
    }
  }
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  const address = () => `/v1/${mine ? 'my/' : ''}cases/${encodeURIComponent(id)}/evidence/${file.value?.id}/zip`
  return { file, problem, busy, ask, address }
}

/** "1.2 MB" */
export function sized(bytes: number, lang: string): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}
