import { reactive } from 'vue'

/** An address as somebody types it. */
export function useWhereto() {
  const form = reactive({ name: '', street: '', city: '', region: '', postcode: '', phone: '' })
  const lines = () => form.street.split('\n').flatMap((line) => line.trim() || [])
  /** What is missing before it can be sent. */
  const gap = (): '' | 'name' | 'street' => (form.name.trim() ? (lines().length ? '' : 'street') : 'name')
  function body() {
    const rest = Object.fromEntries(
      (['city', 'region', 'postcode', 'phone'] as const).flatMap((name) =>
        form[name].trim() ? [[name, form[name].trim()]] : [],
      ),
    )
    return { name: form.name.trim(), lines: lines(), ...rest }
  }
  return { form, gap, body }
}
export type WheretoForm = ReturnType<typeof useWhereto>
/** The fields in the order in which they are asked, with what browsers fill in. */
export const wheretoFields = [
  { name: 'name', auto: 'shipping name', must: true },
  { name: 'phone', auto: 'shipping tel', must: false },
  { name: 'street', auto: 'shipping street-address', must: true },
  { name: 'city', auto: 'shipping address-level2', must: false },
  { name: 'region', auto: 'shipping address-level1', must: false },
  { name: 'postcode', auto: 'shipping postal-code', must: false },
] as const
