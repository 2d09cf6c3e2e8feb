import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { LiveEvent } from '@/api/types'
import { configureClient } from '@/lib/client'
import { queries } from '../query'
import { asQuery, countTabs, unfiltered, narrowed, useInbox, type Filter } from './inbox'

let say: (event?: LiveEvent) => void = () => {}
vi.mock('../live', () => ({
  onLive: (listener: (event?: LiveEvent) => void) => (say = listener),
  soon: (run: () => void) => run,
}))

const row = (id: string, version = 1, opened = '2026-11-21T01:00:00Z') => ({
  id,
  version,
  opened_at: opened,
  state: 'submitted',
})
let stored = [row('case_2'), row('case_1')]
beforeEach(() => {
  stored = [row('case_2'), row('case_1')]
  queries.clear()
  configureClient({ wait: async () => {} })
  vi.stubGlobal('fetch', async (url: string) => {
    const id = /cases\/(\w+)$/.exec(url)?.[1]
    if (!id) return Response.json({ items: stored, next: '', counts: { submitted: stored.length } })
    const money = { minor: 1, currency: 'CNY' }
    const one = stored.find((item) => item.id === id)!
    return Response.json({
      ...one,
      items: [],
      order: { number: '1' },
      money: { quoted: { total: money }, reserved: money },
      timers: [],
      next: { who: 'seller' },
    })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function open() {
  const filter = ref<Filter>(unfiltered)
  let inbox!: ReturnType<typeof useInbox>
  const App = defineComponent({ setup: () => ((inbox = useInbox(filter)), () => h('p')) })
  const wrapper = mount(App, { global: { plugins: [[VueQueryPlugin, { queryClient: queries }]] } })
  await flushPromises()
  return { inbox, filter, wrapper }
}
const event = (subject: string, version: number): LiveEvent => ({ subject, version, stream: 'case', type: 'x', at: '' })
const ids = (inbox: ReturnType<typeof useInbox>) => inbox.rows.value?.map((item) => `${item.id} v${item.version}`)

it('the filter asks only for what was chosen', () => {
  expect(asQuery({ ...unfiltered, tab: 'transit', q: 'a', overdue: true, kind: 'exchange' })).toMatchObject({
    state: 'await_return,returning',
    q: 'a',
    reason: '',
    kind: 'exchange',
    overdue: 'true',
    sort: '',
  })
  expect(asQuery({ ...unfiltered, sort: 'deadline' })).toMatchObject({ state: '', overdue: '', sort: 'deadline' })
  expect(narrowed({ ...unfiltered, overdue: true })).toBe(true)
  expect(narrowed({ ...unfiltered, sort: 'deadline', view: 'all' })).toBe(false)
})

it('the tabs add up the states, and say where there may be more', () => {
  const counts = { submitted: 2, returning: 1, await_return: 1000, closed: 4 }
  expect(countTabs({ counts, counts_more: ['await_return'] })).toMatchObject({
    all: { count: 1007, more: true },
    decide: { count: 2, more: false },
    transit: { count: 1001, more: true },
    over: { count: 4, more: false },
  })
  expect(countTabs(undefined)).toEqual({})
})

describe('the list', () => {
  it('changes a row where it stands', async () => {
    const { inbox, wrapper } = await open()
    stored[1] = row('case_1', 2)
    say(event('case_1', 2))
    await flushPromises()
    expect(ids(inbox)).toEqual(['case_2 v1', 'case_1 v2'])
    wrapper.unmount()
  })

  it('keeps new cases behind a button until they are asked for', async () => {
    const { inbox, wrapper } = await open()
    stored = [row('case_3', 1, '2026-11-21T02:00:00Z'), ...stored]
    say(event('case_3', 1))
    await flushPromises()
    expect(ids(inbox)).toEqual(['case_2 v1', 'case_1 v1'])
    expect([...inbox.waiting.value]).toEqual(['case_3'])
    await inbox.showWaiting()
    await flushPromises()
    expect(ids(inbox)).toEqual(['case_3 v1', 'case_2 v1', 'case_1 v1'])
    expect(inbox.waiting.value.size).toBe(0)
    wrapper.unmount()
  })

  it('looks at unfiltered again when the stream has been away', async () => {
    const { inbox, wrapper } = await open()
    stored = [row('case_2', 5), row('case_1')]
    say()
    await flushPromises()
    expect(ids(inbox)).toEqual(['case_2 v5', 'case_1 v1'])
    wrapper.unmount()
  })
})
