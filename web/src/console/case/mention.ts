import type { Person } from '@/api/staff'

/** The beginning of a name behind the @ before the cursor; undefined where none is being written. */
export function wanted(text: string, cursor: number): string | undefined {
  const found = /(?:^|[\s,，。:：(（])@([^\s@]{0,30})$/.exec(text.slice(0, cursor))
  return found?.[1]
}

/** Colleagues whose name begins with, or contains, what was written. */
export function matching(people: Person[], begun: string, most = 6): Person[] {
  const low = begun.toLowerCase()
  const found = people.filter((one) => one.name.toLowerCase().includes(low))
  return found
    .toSorted((a, b) => Number(b.name.toLowerCase().startsWith(low)) - Number(a.name.toLowerCase().startsWith(low)))
    .slice(0, most)
}

/** The text with a name in the place of what was begun, and where the cursor stands then. */
export function complete(text: string, cursor: number, name: string): { text: string; cursor: number } {
  const from = text.lastIndexOf('@', cursor - 1)
  const before = `${text.slice(0, from)}@${name} `
  return { text: before + text.slice(cursor).replace(/^ /, ''), cursor: before.length }
}

/** Whom a text names with an @; of two names that begin alike, the longer one where it stands. */
export function named(text: string, people: Person[]): Person[] {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length)
  const found = new Set<Person>()
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const one = byLength.find((person) => text.startsWith(person.name, at + 1))
    if (one) found.add(one)
  }
  return [...found]
}
