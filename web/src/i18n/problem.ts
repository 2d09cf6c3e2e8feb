import type { Problem } from '@/lib/problem'
import { tOr, type Params } from '.'

/** What to tell a person about a refusal: our own words by code, else by status, else the server's title. */
export function problemText(problem: Problem): string {
  const facts: Params = {}
  for (const [name, value] of Object.entries(problem.facts)) {
    if (typeof value === 'string' || typeof value === 'number') facts[name] = value
  }
  const byStatus = problem.status >= 500 ? 'problem.server' : `problem.http.${problem.status}`
  const general = tOr(byStatus, problem.message, facts)
  return tOr(
    `problem.${problem.code}`,
    problem.code.startsWith('http.') || problem.status >= 500 ? general : problem.message,
    facts,
  )
}
