import { effectScope, nextTick } from 'vue'
import { expect, it } from 'vitest'
import { countDrafts, ownDrafts, useDraft } from './draft'

/** What another tab of the same person does arrives like this. */
const elsewhere = (key: string, newValue: string | null) =>
  window.dispatchEvent(new StorageEvent('storage', { key, newValue }))

it('is one text in all tabs of a person', async () => {
  ownDrafts('ann')
  const scope = effectScope()
  const text = scope.run(() => useDraft(() => 'note.case_1'))!
  elsewhere('aftercare.draft.ann.note.case_1', 'written beside')
  elsewhere('aftercare.draft.ann.note.case_2', 'of another case')
  expect(text.value).toBe('written beside')
  text.value += ', and here'
  await nextTick()
  expect(localStorage.getItem('aftercare.draft.ann.note.case_1')).toBe('written beside, and here')
  elsewhere('aftercare.draft.ann.note.case_1', null) // it was sent there
  await nextTick()
  expect(text.value).toBe('')
  expect(countDrafts()).toBe(0)
  scope.stop()
})
