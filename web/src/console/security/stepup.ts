import { shallowRef } from 'vue'
import { Problem } from '@/lib/problem'

/** The question that is open now: StepUpDialog shows it and answers. */
export const asking = shallowRef<(confirmed: boolean) => void>()

/** Somebody closed the question: nothing was done, and nothing has to be said. */
export class NotConfirmed extends Error {}

/** Does something that needs a confirmation, asking for it when the last one is too old. Fails with NotConfirmed. */
export async function confirmed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (Problem.of(error).code !== 'session.step_up_required') throw error
  }
  asking.value?.(false)
  const yes = await new Promise<boolean>((resolve) => (asking.value = resolve))
  asking.value = undefined
  if (!yes) throw new NotConfirmed()
  return work()
}
