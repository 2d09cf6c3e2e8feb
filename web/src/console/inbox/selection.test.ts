import { nextTick, ref } from 'vue'
import { expect, it } from 'vitest'
import type { CaseSummary } from '@/api/types'
import { mostAtOnce, useSelection } from './selection'

const rows = (count: number) =>
  ref(Array.from({ length: count }, (_, index) => ({ id: `case_${index}` }) as unknown as CaseSummary))

it('marks cases in the order of the list and lets go of them again', () => {
  const { chosen, toggle } = useSelection(rows(3), ref('a'))
  toggle('case_2')
  toggle('case_0')
  expect(chosen.value.map((one) => one.id)).toEqual(['case_0', 'case_2'])
  toggle('case_2')
  expect(chosen.value.map((one) => one.id)).toEqual(['case_0'])
})

it('marks no more than one call may name', () => {
  const { ids, full, all, toggle } = useSelection(rows(mostAtOnce + 5), ref('a'))
  all()
  expect(ids.value.size).toBe(mostAtOnce)
  toggle(`case_${mostAtOnce + 1}`)
  expect(ids.value.size).toBe(mostAtOnce)
  expect(full.value).toBe(true)
})

it('forgets what is not in sight any more when the filter changes', async () => {
  const key = ref('a')
  const { ids, all } = useSelection(rows(2), key)
  all()
  key.value = 'b'
  await nextTick()
  expect(ids.value.size).toBe(0)
})
