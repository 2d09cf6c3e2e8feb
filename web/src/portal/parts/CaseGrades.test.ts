import { mount } from '@vue/test-utils'
import { beforeAll, expect, it } from 'vitest'
import type { Case } from '@/api/types'
import { startI18n, useLanguage, type Catalogue } from '@/i18n'
import CaseGrades from './CaseGrades.vue'

type Grades = Case['items'][number]['grades']

beforeAll(async () => {
  await startI18n(
    import.meta.glob<{ default: Catalogue }>([
      '../../i18n/shared.*.json',
      '../../i18n/portal.*.json',
      '../../i18n/later.*.json',
    ]),
  )
  await useLanguage('en')
})

it('says what a grade means, and whether the article is accepted', () => {
  const told = (grade: string, accepted?: boolean) => {
    const one = { grade, count: 2, disposition: 'restock', accepted, note: 'seal broken', photos: [] }
    return mount(CaseGrades, { props: { grades: [one] as unknown as Grades } })
      .text()
      .replace(/\s+/g, ' ')
  }
  expect(told('B', true)).toBe('Graded B × 2 Opened or tried on, complete, without marksseal broken')
  expect(told('D', false)).toContain('Graded D × 2 · Not acceptedBroken, soiled or unsafe')
  expect(told('E')).toBe('Graded E × 2 seal broken')
})
