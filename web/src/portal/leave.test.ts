import { expect, it } from 'vitest'
import { keep, kept } from '@/lib/keep'
import { leave } from './leave'
import { waiting } from './outbox'

it('leaves nothing behind of who signs out, but how the pages looked', async () => {
  const names = ['draft.ord_1', 'draft.ord_2#3', 'talk.case_1', 'outbox']
  for (const name of names) keep(name, '[{"key":"k1"}]')
  keep('theme', 'dark')
  waiting.value = [{ key: 'k1', draft: '', order: 'ord_1' }]
  await leave()
  expect(names.filter((name) => kept(name))).toEqual([])
  expect(waiting.value).toEqual([])
  expect(kept('theme')).toBe('dark')
})
