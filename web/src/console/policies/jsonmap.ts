/** A place in a text, counted from 1. */
export interface Place {
  line: number
  column: number
}
export interface Fault extends Place {
  /** What would have been right here. */
  expected: 'value' | 'string' | 'colon' | 'comma_or_end' | 'end' | 'once' | 'closing_quote' | 'escape' | 'number'
  found: string
}
export interface Mapped {
  value?: unknown
  /** Where each value begins, by its path: rules.reasons.2.code. */
  at: Map<string, number>
  fault?: Fault
}

class Stop extends Error {
  constructor(
    readonly offset: number,
    readonly expected: Fault['expected'],
  ) {
    super(expected)
  }
}

export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/**
 * Reads JSON and remembers where every value stands; the first mistake is named
 * with line and column, the same in every browser. A key that is there twice is
 * a mistake: JSON.parse would drop one of them silently.
 */
export function mapJson(text: string): Mapped {
  const at = new Map<string, number>()
  let i = 0
  const space = () => {
    while (/[ \t\n\r]/.test(text[i] ?? '')) i++
  }
  function string(): string {
    const from = i
    if (text[i] !== '"') throw new Stop(i, 'string')
    for (i++; text[i] !== '"'; i++) {
      if (i >= text.length || text[i] === '\n') throw new Stop(from, 'closing_quote')
      if (text[i] !== '\\') continue
      const escape = /^(["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(i + 1, i + 6))
      if (!escape) throw new Stop(i, 'escape')
      i += escape[0].length
    }
    i++
    return JSON.parse(text.slice(from, i).replaceAll('\t', String.raw`\t`)) as string
  }
  function plain(): unknown {
    const word = /^(true|false|null)\b/.exec(text.slice(i, i + 6))?.[1]
    if (word) {
      i += word.length
      return JSON.parse(word)
    }
    const number = /^-?\d[\d.eE+-]*/.exec(text.slice(i, i + 40))?.[0]
    if (!number) throw new Stop(i, 'value')
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(number)) throw new Stop(i, 'number')
    i += number.length
    return Number(number)
  }
  /** The members between two brackets, each read by `one`. */
  function members(close: string, one: (index: number) => void): void {
    i++
    space()
    if (text[i] === close) return void i++
    for (let index = 0; ; index++) {
      one(index)
      space()
      if (text[i] === close) return void i++
      if (text[i] !== ',') throw new Stop(i, 'comma_or_end')
      i++
      space()
    }
  }
  function value(path: string): unknown {
    space()
    at.set(path, i)
    const below = (name: string | number) => (path ? `${path}.${name}` : String(name))
    if (text[i] === '"') return string()
    if (text[i] === '[') {
      const list: unknown[] = []
      members(']', (index) => list.push(value(below(index))))
      return list
    }
    if (text[i] !== '{') return plain()
    const map = new Map<string, unknown>()
    members('}', () => {
      const from = i
      const key = string()
      if (map.has(key)) throw new Stop(from, 'once')
      space()
      if (text[i] !== ':') throw new Stop(i, 'colon')
      i++
      map.set(key, value(below(key)))
    })
    return Object.fromEntries(map)
  }
  try {
    const read = value('')
    space()
    if (i < text.length) throw new Stop(i, 'end')
    return { value: read, at }
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop
    const found =
      stop.offset < text.length ? text.slice(stop.offset).split(/[\s,}\]]/, 1)[0]! || text[stop.offset]! : ''
    return { at, fault: { ...placeOf(text, stop.offset), expected: stop.expected, found: found.slice(0, 24) } }
  }
}

/** reasons[2].code, rules.reasons.2.code and /rules/reasons/2/code are the same. */
export const plainPath = (path: string): string =>
  path
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replace(/\[["']?([^\]"']*)["']?\]/g, '.$1')
    .replace(/^(body\.)?(rules\.)?/, '')

/** Where a complaint about a path belongs: at the value, or at the nearest one around it. */
export function offsetOf(at: Map<string, number>, path: string, under = 'rules'): number {
  const parts = [under, ...plainPath(path).split('.')].filter(Boolean)
  for (; parts.length; parts.pop()) {
    const found = at.get(parts.join('.'))
    if (found !== undefined) return found
  }
  return 0
}
