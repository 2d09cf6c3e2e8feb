import { flushPromises, mount } from '@vue/test-utils'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { match, push, replace, route, RouterLink, shown, start, type Page } from './nav'

const at = (name: string) => defineComponent({ name, render: () => h('h1', name) })
let slow: (() => void) | undefined
const pages: Page[] = [
  { path: '/', name: 'home', load: async () => ({ default: at('home') }) },
  { path: '/orders/:id', name: 'order', load: async () => ({ default: at('order') }) },
  {
    path: '/slow',
    name: 'slow',
    load: () => new Promise((resolve) => (slow = () => resolve({ default: at('slow') }))),
  },
  { path: '*', name: 'missing', load: async () => ({ default: at('missing') }) },
]

describe('an address', () => {
  it.each([
    ['/', 'home', {}, {}],
    ['/orders/ord_1?case=c_1', 'order', { id: 'ord_1' }, { case: 'c_1' }],
    ['/orders/ord_1/', 'order', { id: 'ord_1' }, {}],
    ['/orders/a%2Fb', 'order', { id: 'a/b' }, {}],
    ['/orders/%E0%A4%A', 'order', { id: '%E0%A4%A' }, {}],
    ['/orders', 'missing', {}, {}],
    ['/orders/1/2', 'missing', {}, {}],
  ])('%s is of %s', (address, name, params, query) => {
    expect(match(pages, address)).toMatchObject({ name, params, query })
  })
})

describe('the way between pages', () => {
  beforeAll(async () => {
    vi.stubGlobal('scrollTo', () => {})
    await start(pages)
  })
  beforeEach(() => replace('/'))

  it('is kept in the history of the browser, and followed back', async () => {
    await push('/orders/ord_1?case=c_1')
    expect([location.pathname, route.params.id, route.query.case]).toEqual(['/orders/ord_1', 'ord_1', 'c_1'])
    history.replaceState({}, '', '/orders/ord_2')
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }))
    await flushPromises()
    expect([route.name, route.params.id]).toEqual(['order', 'ord_2'])
  })

  it('shows the newest page asked for, whichever arrives last', async () => {
    const overtaken = push('/slow')
    await push('/orders/ord_1')
    slow!()
    await overtaken
    expect([route.name, location.pathname]).toEqual(['order', '/orders/ord_1'])
    expect((shown.value as { name: string }).name).toBe('order')
  })

  it('is left to the browser where a link is opened elsewhere', async () => {
    const link = mount(RouterLink, { props: { to: '/orders/ord_9' }, slots: { default: () => 'go' } })
    expect(link.attributes('href')).toBe('/orders/ord_9')
    link.element.addEventListener('click', (event: Event) => (event as MouseEvent).ctrlKey && event.preventDefault())
    await link.trigger('click', { ctrlKey: true })
    await flushPromises()
    expect(route.name).toBe('home')
    await link.trigger('click')
    await flushPromises()
    expect(route.params.id).toBe('ord_9')
  })
})
