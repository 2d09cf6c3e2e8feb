import { mount } from '@vue/test-utils'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { startI18n, type Catalogue } from '@/i18n'
import { Problem } from '@/lib/problem'
import ErrorState from './ErrorState.vue'

const texts = import.meta.glob<{ default: Catalogue }>('../i18n/shared.*.json')
beforeAll(() => startI18n(texts))
afterEach(() => (document.body.innerHTML = ''))

/** Shows it in a page that has a heading of its own, or none. */
async function shown(before: string) {
  document.body.innerHTML = `<main>${before}<div id="at"></div></main>`
  const made = mount(ErrorState, { props: { problem: new Problem(0, 'page.failed') }, attachTo: '#at' })
  await made.vm.$nextTick()
  return made
}

it('is the heading of a page that could not be read, and names the alert', async () => {
  const made = await shown('')
  const heading = made.get('h1')
  expect(heading.text()).not.toBe('')
  expect(made.get('[role=alert]').attributes('aria-labelledby')).toBe(heading.attributes('id'))
})
it('is a heading below that of the page it is in', async () => {
  const made = await shown('<h1>Orders</h1>')
  expect(made.find('h1').exists()).toBe(false)
  expect(made.get('h2').text()).not.toBe('')
})
