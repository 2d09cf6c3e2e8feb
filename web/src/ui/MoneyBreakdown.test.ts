import { mount } from '@vue/test-utils'
import { beforeAll, describe, expect, it } from 'vitest'
import type { QuotedMoney } from '@/api/types'
import { startI18n, useLanguage, type Catalogue } from '@/i18n'
import MoneyBreakdown from './MoneyBreakdown.vue'

const yuan = (minor: number) => ({ minor, currency: 'CNY' })
const quote: QuotedMoney = {
  currency: 'CNY',
  lines: [
    { line: 1, title: 'Headphones', quantity: 1, components: [], subtotal: yuan(84506) },
    { line: 2, title: 'Kettle', quantity: 2, components: [], subtotal: yuan(35532) },
  ],
  components: [
    { code: 'goods', text: 'Goods', amount: yuan(127700) },
    { code: 'order_discount', text: 'Coupon', amount: yuan(-7662) },
    { code: 'return_label', text: 'Return label', amount: yuan(-1200), ground: 'Changed mind' },
  ],
  total: yuan(118838),
  tenders: [{ id: 't1', kind: 'alipay', label: 'Alipay', amount: yuan(118838) }],
  pay_within: '1–3 working days',
  return_by_days: 7,
  freight: 'customer',
}

beforeAll(async () => {
  await startI18n(import.meta.glob<{ default: Catalogue }>('../i18n/shared.*.json'))
  await useLanguage('en')
})

describe('the breakdown', () => {
  const rows = (props: Record<string, unknown> = {}) => {
    const node = mount(MoneyBreakdown, { props: { quote, ...props } })
    const pairs = node.findAll('dl > div').map((row) => row.findAll('dt, dd').map((cell) => cell.text()))
    return { node, pairs: pairs.map((cells) => cells.join(' ').replace(/\s+/g, ' ')), text: node.text() }
  }

  it('shows every part as given, deductions negative, and the total of the server', () => {
    const { node, pairs } = rows()
    expect(pairs.slice(0, 3)).toEqual(['Goods CN¥1,277.00', 'Coupon -CN¥76.62', 'Return label Changed mind -CN¥12.00'])
    expect(node.get('[data-total]').text()).toBe('CN¥1,188.38')
  })

  it('tells prices with the tax that they contain', () => {
    const components = [
      { code: 'goods', text: 'Goods', amount: yuan(79558) },
      { code: 'order_discount', text: 'Coupon', amount: yuan(-5394) },
      { code: 'tax', text: 'Tax', amount: yuan(10342) },
      { code: 'shipping', text: 'Shipping', amount: yuan(943), ground: 'Seller at fault' },
      { code: 'shipping_tax', text: 'Tax of shipping', amount: yuan(57), ground: 'Seller at fault' },
    ]
    const contained = rows({ quote: { ...quote, components, tax_included: true } }).pairs
    expect(contained.slice(0, 3)).toEqual([
      'Goods including CN¥103.42 tax CN¥899.00',
      'Coupon -CN¥53.94',
      'Shipping Seller at faultincluding CN¥0.57 tax CN¥10.00',
    ])
    expect(rows({ quote: { ...quote, components } }).pairs[2]).toBe('Tax CN¥103.42')
    const again = [
      { code: 'promotion', text: 'Promotions again', amount: yuan(-885), ground: 'Kept goods' },
      { code: 'promotion_tax', text: 'Its tax', amount: yuan(-115), ground: 'Kept goods' },
    ]
    expect(rows({ quote: { ...quote, components: again, tax_included: true } }).pairs[0]).toContain('-CN¥10.00')
  })

  it('tells what was paid back before with its tax, as it was paid', () => {
    const goods = { code: 'goods', text: 'Goods', amount: yuan(79558) }
    const before = { code: 'part_refunded', text: 'Before', amount: yuan(-8850), ground: 'Kept' }
    const contained = rows({
      quote: {
        ...quote,
        tax_included: true,
        components: [
          goods,
          { code: 'tax', text: 'Tax', amount: yuan(10342) },
          before,
          { code: 'partial_tax', text: 'Its tax', amount: yuan(-1150), ground: 'Kept' },
        ],
      },
    }).pairs
    expect(contained.slice(0, 2)).toEqual([
      'Goods including CN¥103.42 tax CN¥899.00',
      'Before Keptincluding -CN¥11.50 tax -CN¥100.00',
    ])
  })

  it('says where the money goes and when', () => {
    const { text } = rows()
    expect(text).toContain('Back to Alipay')
    expect(text).toContain('1–3 working days')
  })

  it('gives the amount of each destination when there are several', () => {
    const tenders = [...quote.tenders, { id: 't2', kind: 'gift_card', label: 'Gift card', amount: yuan(10000) }]
    expect(rows({ quote: { ...quote, tenders } }).pairs).toContain('Back to Gift card CN¥100.00')
  })

  it('opens into items only when asked', () => {
    expect(rows().text).not.toContain('Kettle')
    expect(rows({ detailed: true }).text).toContain('Kettle × 2')
  })

  it('speaks the language that was chosen', async () => {
    const { node } = rows()
    await useLanguage('zh-TW')
    expect(node.text()).toContain('預計退款')
    await useLanguage('en')
  })
})
