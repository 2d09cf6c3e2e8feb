import { mount } from '@vue/test-utils'
import { beforeAll, expect, it } from 'vitest'
import type { Case } from '@/api/types'
import { startI18n, useLanguage, type Catalogue } from '@/i18n'
import CaseMoney from './CaseMoney.vue'

const yuan = (minor: number) => ({ minor, currency: 'CNY' })
const claimed = (claim: Partial<NonNullable<Case['claim']>>) =>
  ({
    kind: 'compensation',
    state: 'resolving',
    claim: { basis: 'statutory', amount: yuan(50000), ...claim },
    money: {
      quoted: { currency: 'CNY', lines: [], components: [], total: yuan(0), tenders: [] },
      reserved: yuan(0),
      paid: yuan(0),
      payouts: [],
    },
  }) as unknown as Case

beforeAll(async () => {
  await startI18n(import.meta.glob<{ default: Catalogue }>(['../../i18n/shared.*.json', '../../i18n/portal.*.json']))
  await useLanguage('en')
})

it('tells what was paid before for the same wrong, and by which case', () => {
  const text = (claim: Partial<NonNullable<Case['claim']>>) =>
    mount(CaseMoney, { props: { found: claimed(claim) } })
      .text()
      .replace(/\s+/g, ' ')
  expect(text({ set_off: yuan(12000), paid_by: 'R-ABCD1234' })).toContain(
    'Already paid for the same reason R-ABCD1234-CN¥120.00',
  )
  expect(text({})).not.toContain('Already paid')
})
