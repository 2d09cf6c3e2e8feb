// What the pages may cost at most. Bytes are as transferred; times are medians.
export const KB = 1024

/** name: [limit, unit]; what has no limit is told and not judged. */
export const limits = {
  'portal, first visit: JS': [70, 'KB'],
  'portal, first visit: CSS': [10, 'KB'],
  'portal, first visit: HTML': [12, 'KB'],
  'portal, first visit: all': [100, 'KB'],
  'portal, first visit: FCP': [0, 's'],
  'portal, first visit: LCP': [1.8, 's'],
  'portal, first visit: form usable': [3, 's'],
  'portal, first visit: CLS': [0.02, ''],
  'portal, again: JS': [0, 'KB'],
  'portal, again: LCP': [1, 's'],
  'portal, again: form usable': [0, 's'],
  'portal, return form: LCP': [1.8, 's'],
  'portal, return form: form usable': [3, 's'],
  'portal, return form: CLS': [0.02, ''],
  'portal, return form: choose an article': [150, 'ms'],
  'portal, return form: answer why': [150, 'ms'],
  'console, first visit: JS': [150, 'KB'],
  'console, first visit: CSS': [20, 'KB'],
  'console, first visit: HTML': [12, 'KB'],
  'console, first visit: FCP': [0, 's'],
  'console, first visit: LCP': [2.8, 's'],
  'console, first visit: form usable': [0, 's'],
  'console, first visit: CLS': [0.02, ''],
  'console, list: LCP': [2.8, 's'],
  'console, list: CLS': [0.02, ''],
  'console, list again: LCP': [0, 's'],
  'console, all loaded: cases': [0, ''],
  'console, all loaded: j': [100, 'ms'],
  'console, all loaded: open a case': [100, 'ms'],
  'console, all loaded: case readable': [0, 's'],
  'console, all loaded: choose a filter': [100, 'ms'],
  'console, all loaded: CLS': [0.02, ''],
  'console, all loaded: DOM nodes': [1500, ''],
  'console, all loaded: heap': [120, 'MB'],
  'requests to other origins': [0.5, ''],
}

export const median = (all) => all.toSorted((a, b) => a - b)[Math.floor((all.length - 1) / 2)]

const shown = (value, unit) =>
  unit === 's' ? value.toFixed(2) : unit === '' && value < 1 ? value.toFixed(3) : value.toFixed(value < 100 ? 1 : 0)

/** Prints the table and tells whether something is more than twice its limit. */
export function report(found) {
  const line = (name, ...rest) => console.log(name.padEnd(42) + rest.map((one) => String(one).padStart(10)).join(''))
  line('', 'median', 'least', 'most', 'limit')
  let bad = false
  for (const [name, [limit, unit]] of Object.entries(limits)) {
    const all = found[name]
    if (!all?.length) {
      line(name, 'missing')
      bad = true
      continue
    }
    const middle = median(all)
    const judged = limit > 0 && middle > limit
    bad ||= limit > 0 && middle > 2 * limit
    const verdict = judged ? (middle > 2 * limit ? 'FAILS' : 'over') : ''
    line(
      name,
      shown(middle, unit),
      shown(Math.min(...all), unit),
      shown(Math.max(...all), unit),
      limit || '–',
      unit.padEnd(3),
      verdict,
    )
  }
  return bad
}
