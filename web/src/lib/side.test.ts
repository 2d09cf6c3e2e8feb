import { afterEach, expect, test } from 'vitest'
import { lang } from '@/i18n'
import { side } from './side'

afterEach(() => void (lang.value = 'en'))

test('a page in Arabic keeps its own texts from the right, also where a name comes first', () => {
  lang.value = 'ar'
  expect(side('iPhone 17 لا يمكن إرجاعه')).toBe('rtl')
  expect(side('Twice the price')).toBe('auto')
  expect(side()).toBe('auto')
})

test('elsewhere the first letter decides', () => {
  lang.value = 'en'
  expect(side('ضعف الثمن')).toBe('auto')
})
