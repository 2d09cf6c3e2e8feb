import { computed, ref, shallowRef, watch } from 'vue'
import type { PolicyTest, PolicyVersion } from '@/api/policy'
import type { Rules } from '@/api/staff'
import { api } from '@/lib/client'
import { Intent } from '@/lib/intent'
import { keep, kept } from '@/lib/keep'
import { Problem } from '@/lib/problem'
import { queries } from '../query'
import { useHistory } from './history'
import { anyBadAmount, anyOutside, toForm, toRules, type RulesForm } from './rules'

/** Everything of a draft that is edited together. */
export interface Edited {
  form: RulesForm
  note: string
  tests: PolicyTest[]
}
interface Stored {
  name: string
  rules: Rules
  note: string
  tests: PolicyTest[]
  /** What the server was expected to have. */
  seen: number
  at: string
}

/** What If-Match names: of a draft its revision. */
const seenOf = (one: PolicyVersion): number =>
  one.state === 'draft' || one.state === 'reviewed' ? one.revision : one.version
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const edited = (one: Pick<PolicyVersion, 'name' | 'rules'> & { note?: string; tests?: PolicyTest[] }): Edited => ({
  form: toForm(one.name, one.rules),
  note: one.note ?? '',
  tests: copy(one.tests ?? []),
})
/** What is changed: the draft, else what is live, else the newest there is. */
export const toEdit = (versions: PolicyVersion[]): PolicyVersion | undefined =>
  draftOf(versions) ?? versions.find((one) => one.state === 'live') ?? versions[0]
export const draftOf = (versions: PolicyVersion[]): PolicyVersion | undefined =>
  versions.find((one) => one.state === 'draft' || one.state === 'reviewed')

/**
 * A policy being edited. Every change is kept in this browser at once, so that
 * nothing is lost; the server has it when it is saved. A draft that somebody
 * else changed meanwhile is never overwritten unasked.
 */
export function useEditing(id: string) {
  const name = `draft.policy.${id}`
  const model = ref<Edited>()
  const base = shallowRef<Edited>()
  /** The draft on the server; nothing while there is none. */
  const draft = shallowRef<PolicyVersion>()
  /** Sent as If-Match: the draft's revision, the version it starts from, or 0 for a new policy. */
  const seen = ref(0)
  const restored = ref('')
  const theirs = shallowRef<PolicyVersion>()
  const problem = shallowRef<Problem>()
  const busy = ref(false)
  const savedAt = ref('')
  const intent = new Intent()
  const history = useHistory(model)

  const body = computed(() => {
    if (!model.value) return undefined
    const { form, note, tests } = model.value
    return { name: form.name.trim(), rules: toRules(form), note: note.trim(), tests }
  })
  const dirty = computed(() => !!model.value && JSON.stringify(model.value) !== JSON.stringify(base.value))
  /** Whether what is there can be written down as rules at all. */
  const broken = computed(() => !!model.value && (anyOutside(model.value.form) || anyBadAmount(model.value.form)))
  const rules = computed(() => (broken.value ? undefined : body.value?.rules))

  watch(
    [dirty, model],
    () => {
      if (!dirty.value || !body.value) return keep(name, '')
      keep(name, JSON.stringify({ ...body.value, seen: seen.value, at: new Date().toISOString() } satisfies Stored))
    },
    { deep: true },
  )

  /** Begins with what the server has, and takes up what was not saved the last time. */
  function start(version: PolicyVersion, fresh = false): void {
    draft.value = !fresh && (version.state === 'draft' || version.state === 'reviewed') ? version : undefined
    seen.value = fresh ? 0 : draft.value ? version.revision : version.version
    const first = edited(
      draft.value || fresh ? { ...version, ...(fresh ? { name: id, note: '' } : {}) } : { ...version, note: '' },
    )
    const left = read()
    base.value = copy(first)
    model.value = first
    history.restart()
    if (left) {
      model.value = edited(left)
      restored.value = left.at
      if (left.seen !== seen.value) theirs.value = version
    }
  }
  function read(): Stored | undefined {
    try {
      const found = JSON.parse(kept(name) || 'null') as Stored | null
      return found?.rules && Array.isArray(found.rules.reasons) ? found : undefined
    } catch {
      return undefined
    }
  }
  /** Gives up what was not saved. */
  function drop(): void {
    if (!base.value) return
    model.value = copy(base.value)
    restored.value = ''
    keep(name, '')
  }
  /** Takes what somebody else saved instead of one's own. */
  function takeTheirs(): void {
    keep(name, '')
    if (theirs.value) start(theirs.value)
    theirs.value = undefined
    restored.value = ''
  }
  async function save(): Promise<boolean> {
    if (busy.value || !body.value) return false
    history.settle()
    busy.value = true
    problem.value = undefined
    const sent = copy(model.value!)
    const version = theirs.value ? seenOf(theirs.value) : seen.value || ('*' as const)
    try {
      const saved = await api('PUT /v1/policies/{id}/draft', { path: { id }, version, body: body.value, intent })
      draft.value = saved
      seen.value = saved.revision
      base.value = sent
      theirs.value = undefined
      restored.value = ''
      savedAt.value = new Date().toISOString()
      if (!dirty.value) keep(name, '')
      forget(id)
      return true
    } catch (error) {
      problem.value = Problem.of(error)
      if (problem.value.status === 412) await look()
      return false
    } finally {
      busy.value = false
    }
  }
  /** Who was faster, and with what. */
  async function look(): Promise<void> {
    const found = await api('GET /v1/policies/{id}/versions', { path: { id } }).catch(() => undefined)
    theirs.value = found && toEdit(found.items)
    if (theirs.value) problem.value = undefined
  }
  return {
    model,
    draft,
    dirty,
    broken,
    body,
    rules,
    restored,
    theirs,
    problem,
    busy,
    savedAt,
    history,
    start,
    drop,
    takeTheirs,
    save,
  }
}

/** What pages have read about a policy is read again. */
export function forget(id: string): void {
  for (const key of [['policies'], ['policy', id], ['policy-versions', id], ['policy-diff', id]])
    void queries.invalidateQueries({ queryKey: key })
}
