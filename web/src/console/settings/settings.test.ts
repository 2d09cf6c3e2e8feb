import { describe, expect, it } from 'vitest'
import type { ShopSettings } from '@/api/staff'
import { Problem } from '@/lib/problem'
import { broken, noAddress, refused, seen, toForm, toSettings } from './settings'

const settings: ShopSettings = {
  name: 'Yunmai',
  host: 'shop.example.com',
  zone: 'Asia/Shanghai',
  language: 'zh-CN',
  currency: 'CNY',
  support_email: 'help@example.com',
  return_address: {
    name: 'Returns',
    lines: ['1 Harbour Road', 'Gate 3'],
    city: 'Shanghai',
    postcode: '200000',
    country: 'CN',
    phone: '021 5555 0100',
  },
}

it('settings come back from the form as they went in', () => {
  expect(toSettings(toForm(settings))).toEqual(settings)
})

it('what people type is tidied: spaces, empty lines and small letters', () => {
  const form = { ...toForm(settings), currency: ' cny', to_country: 'cn ', to_lines: ' 1 Harbour Road \n\n Gate 3\n' }
  expect(toSettings(form)).toEqual(settings)
})

it('a host may be pasted as an address; what is more than a name goes to the server, which refuses it', () => {
  const host = (text: string) => toSettings({ ...toForm(settings), host: text }).host
  expect(host(' https://Returns.Shop.Example/ ')).toBe('Returns.Shop.Example')
  expect(host('returns.shop.example')).toBe('returns.shop.example')
  expect(host('https://shop.example/returns')).toBe('shop.example/returns')
})

describe('a return address', () => {
  const { return_address: whole } = settings
  it.each([
    [false, whole],
    [true, { ...whole, name: '' }],
    [true, { ...whole, lines: [] }],
  ])('missing %s: %o', (missing, address) => {
    expect(noAddress({ ...settings, return_address: address })).toBe(missing)
  })
})

it.each([
  ['name', ' '],
  ['zone', ''],
  ['currency', 'yuan'],
  ['support_email', 'nobody'],
  ['to_country', 'China'],
  ['to_lines', '1\n2\n3\n4\n5\n6\n7'],
])('%s cannot be %j', (field, value) => {
  expect(broken({ ...toForm(settings), [field]: value })).toEqual({ [field]: true })
})

it('finds the fields of a refusal however the server names them', () => {
  const errors = ['zone', 'return.country', 'body.return_address.lines[2]'].map((field) => ({ field, message: 'x' }))
  const problem = new Problem(422, 'tenant.invalid', { errors })
  expect(refused(problem)).toEqual({ zone: true, to_country: true, to_lines: true })
  expect(refused(new Problem(409, 'tenant.taken'))).toEqual({ host: true })
  expect(refused(new Problem(409, 'tenant.host_needed'))).toEqual({ host: true })
  expect(refused(undefined)).toEqual({})
})

it('the version is read from the ETag, also from a weak one', () => {
  expect([seen(settings, '"7"').version, seen(settings, 'W/"12"').version]).toEqual([7, 12])
})
