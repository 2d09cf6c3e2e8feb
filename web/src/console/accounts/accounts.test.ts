import { expect, test } from 'vitest'
import type { MerchantAccount, Provider } from '@/api/account'
import { missing, partsOf, valuesOf } from './accounts'

const alipay: Provider = {
  name: 'alipay',
  kind: 'payment',
  default: false,
  fields: [
    { name: 'app_id', secret: false, required: true, fixed: true, shape: 'text' },
    { name: 'private_key', secret: true, required: true, fixed: false, shape: 'key' },
    { name: 'note', secret: true, required: false, fixed: false, shape: 'text' },
    { name: 'sandbox', secret: false, required: false, fixed: true, shape: 'switch' },
  ],
}
const saved = {
  settings: { app_id: '2021000000000001' },
  secrets: [{ name: 'private_key', fingerprint: 'ab', set_at: '' }],
} as unknown as MerchantAccount

test('a secret that is kept is neither shown, nor sent, nor missing', () => {
  const values = valuesOf(alipay, saved)
  expect(values).toEqual({ app_id: '2021000000000001', private_key: '', note: '', sandbox: '' })
  expect(partsOf(alipay, values, [])).toEqual({ settings: { app_id: '2021000000000001' }, secrets: {} })
  expect(missing(alipay, values, saved)).toEqual([])
})

test('of a new account every needed field is missing', () => {
  expect(missing(alipay, valuesOf(alipay))).toEqual(['app_id', 'private_key'])
})

test('what was typed replaces a secret, and what is forgotten is sent empty', () => {
  const values = { ...valuesOf(alipay, saved), private_key: ' new ' }
  expect(partsOf(alipay, values, ['note']).secrets).toEqual({ private_key: 'new', note: '' })
})
