import { ref, watch, type Ref } from 'vue'
import type { Rules } from '@/api/staff'
import type { Edited } from './editing'
import { mapJson } from './jsonmap'
import { toForm, toRules } from './rules'

const write = ({ form }: Edited): string => JSON.stringify({ name: form.name, rules: toRules(form) }, null, 2)

/** The text of a draft beside its form: what is typed there becomes the form as soon as it can be read. */
export function useText(model: Ref<Edited | undefined>, view: Ref<string>) {
  const text = ref('')
  const wrong = ref(false)
  let mine = ''

  // Undo and a change of the view write the text anew; typing in it does not.
  watch(
    [model, view],
    () => {
      if (view.value !== 'text' || !model.value || (wrong.value && text.value)) return
      const now = write(model.value)
      if (now !== mine) text.value = mine = now
    },
    { deep: true },
  )
  watch(text, (now) => {
    if (now === mine || !model.value) return
    const { value } = mapJson(now)
    const read = value as { name?: unknown; rules?: Partial<Rules> } | undefined
    wrong.value = typeof read?.name !== 'string' || !Array.isArray(read.rules?.reasons)
    if (wrong.value) return
    try {
      model.value.form = toForm(read!.name as string, read!.rules as Rules)
      mine = write(model.value)
    } catch {
      // A part has a shape that no form can show, such as text where a list belongs.
      wrong.value = true
    }
  })
  return { text, wrong }
}
