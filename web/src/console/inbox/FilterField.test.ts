import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import FilterField from './FilterField.vue'
import { fieldsOf } from './fields'
import { unfiltered } from './inbox'

const known = { counts: {}, people: [], reasons: {}, currency: 'CNY', sellers: false }

it('keeps what it cannot understand, and says so until it is mended', async () => {
  const field = fieldsOf(unfiltered, known).find((one) => one.name === 'country')!
  const page = mount(FilterField, { props: { field, set: (value: string) => !!field.set(value) } })
  const input = page.get('input')
  await input.setValue('g1')
  await input.trigger('change')
  expect(input.element.value).toBe('g1')
  expect(input.attributes('aria-invalid')).toBe('true')
  expect(page.get('[role=alert]').attributes('id')).toBe(input.attributes('aria-describedby'))
  await input.setValue('gb')
  await input.trigger('change')
  expect(page.find('[role=alert]').exists()).toBe(false)
})
