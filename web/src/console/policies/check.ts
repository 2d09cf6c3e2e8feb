import {
  computed,
  inject,
  onScopeDispose,
  provide,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
} from 'vue'
import type { RuleCheck, Violation } from '@/api/policy'
import type { Rules } from '@/api/staff'
import { lang, t } from '@/i18n'
import { api } from '@/lib/client'
import { Problem, type FieldError } from '@/lib/problem'
import { plainPath } from './jsonmap'

/** Something that was found about rules, and where. */
export interface Found {
  kind: 'problem' | 'floor' | 'warning'
  /** As rows of a form are counted. */
  path: string
  /** With the names of rows, for people. */
  named: string
  text: string
  /** Where in the expression. */
  line?: number
  column?: number
  /** The law that is broken. */
  law?: { country: string; rule: string; cite: string[]; remedy: string }
  /** A purchase for which the rules give less than the law. */
  example?: Violation['example']
}

/** "Germany", "New York (US)" stays US-NY where the browser knows no better. */
export function country(code: string, language: string): string {
  const [region = '', part] = code.split('-')
  try {
    const name = new Intl.DisplayNames(language, { type: 'region' }).of(region) ?? region
    return part ? `${name} · ${part}` : name
  } catch {
    return code
  }
}
const spoken = (says: Partial<Record<string, string>>, language: string): string =>
  says[language] ?? says.en ?? Object.values(says)[0] ?? ''

/** conditions[vip].when as conditions.2.when: rows of a form have numbers. */
export function byIndex(path: string, rules: Rules | undefined): string {
  const [list = '', key = '', ...rest] = plainPath(path).split('.')
  const rows = rules?.[list as keyof Rules]
  if (!key || /^\d+$/.test(key) || !Array.isArray(rows)) return plainPath(path)
  const index = (rows as { id?: string; code?: string }[]).findIndex((one) => one.id === key || one.code === key)
  return index < 0 ? plainPath(path) : [list, index, ...rest].join('.')
}

/** reasons.2.freight as reasons.defective.freight. */
export function byName(path: string, rules: Rules | undefined): string {
  const [list = '', key = '', ...rest] = plainPath(path).split('.')
  const rows = rules?.[list as keyof Rules]
  const row = Array.isArray(rows) ? (rows[Number(key)] as { id?: string; code?: string } | undefined) : undefined
  const name = row && typeof row === 'object' ? (row.id ?? row.code) : undefined
  return name ? [list, name, ...rest].join('.') : plainPath(path)
}
export function foundIn(check: RuleCheck, language: string, rules?: Rules): Found[] {
  return [
    ...check.problems.map<Found>(({ path, message, says, line, column }) => ({
      kind: 'problem',
      path: byIndex(path, rules),
      named: byName(path, rules),
      text: spoken(says, language) || message,
      ...(line ? { line, column: column ?? 1 } : {}),
    })),
    ...check.floor.map<Found>(({ path, says, jurisdiction, rule, cite, remedy, example }) => ({
      kind: 'floor',
      path: byIndex(path, rules),
      named: byName(path, rules),
      text: spoken(says, language) || rule,
      law: { country: country(jurisdiction, language), rule, cite: cite ?? [], remedy },
      ...(example?.length ? { example } : {}),
    })),
    ...check.warnings.map<Found>(({ path, message, says }) => ({
      kind: 'warning',
      path: byIndex(path, rules),
      named: byName(path, rules),
      text: spoken(says, language) || message,
    })),
  ]
}

/** What was found, with the law it is about. */
export const sentence = ({ text, law }: Found): string =>
  law ? `${text} (${law.country} · ${[...law.cite, law.rule].join('; ')})` : text
/** What is wrong with a field, in a sentence. */
export const saying = (one: FieldError): string =>
  one.said || t('policies.wrong', { expected: one.expected || one.message })

const key: InjectionKey<ComputedRef<Found[]>> = Symbol('what was found about the rules')
export const provideFound = (found: ComputedRef<Found[]>): void => provide(key, found)
/** What was found at a path, or below it. */
export function useFound() {
  const all = inject(
    key,
    computed(() => [] as Found[]),
  )
  const at = (path: string, below = false): Found[] =>
    all.value.filter((one) => one.path === path || (below && one.path.startsWith(`${path}.`)))
  const wrong = (path: string): boolean => at(path).some((one) => one.kind !== 'warning')
  const says = (path: string): string => at(path).find((one) => one.kind !== 'warning')?.text ?? ''
  return { all, at, wrong, says }
}

/**
 * Asks the server about rules a moment after they were changed. A question that
 * was overtaken is stopped; what was found stays until the next answer.
 */
export function useCheck(rules: () => Rules | undefined, wait = 350) {
  const result = shallowRef<RuleCheck>()
  const problem = shallowRef<Problem>()
  const checking = ref(false)
  let current: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(body: Rules): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    checking.value = true
    try {
      const answer = await api('POST /v1/policies/check', { body: { rules: body }, signal: mine.signal })
      if (current !== mine) return
      result.value = answer
      problem.value = undefined
    } catch (error) {
      if (current === mine) problem.value = Problem.of(error)
    } finally {
      if (current === mine) checking.value = false
    }
  }
  function soon(): void {
    clearTimeout(timer)
    const body = rules()
    if (body) timer = setTimeout(() => void ask(body), wait)
  }
  watch(() => JSON.stringify(rules() ?? null), soon, { immediate: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    current?.abort()
    current = undefined
  })
  const found = computed(() => (result.value ? foundIn(result.value, lang.value, rules()) : []))
  return { result, found, problem, checking, again: soon }
}
