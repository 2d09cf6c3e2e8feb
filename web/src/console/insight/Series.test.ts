import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import Series from './Series.vue'

const parts = [{ name: 'Cases', values: [3, 29], tone: 'accent' as const }]
const beside = (props: object) =>
  mount(Series, { props: { labels: ['May', 'June'], parts, say: (value: number) => `${value} cases`, ...props } })
    .findAll('[aria-hidden=true].text-end span')
    .map((one) => one.text())

it('writes what its values say beside its axis', () => {
  expect(beside({})).toEqual(['40 cases', '20 cases', '0 cases'])
})
it('writes another unit where one is given', () => {
  expect(beside({ axis: (most: number) => ({ top: most + 1, say: (value: number) => `${value} d` }) })).toEqual(['30 d', '15 d', '0 d'])
})
