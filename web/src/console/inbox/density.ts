import { ref } from 'vue'
import { keep, kept } from '@/lib/keep'

/** Whether rows of the list have two lines instead of three. */
export const compact = ref(kept('density') === 'compact')
export function setCompact(on: boolean): void {
  compact.value = on
  keep('density', on ? 'compact' : '')
}
