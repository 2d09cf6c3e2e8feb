import { describe, expect, it } from 'vitest'
import { mapJson, offsetOf, placeOf, plainPath } from './jsonmap'

describe('reading JSON', () => {
  it.each(['{}', '[]', '"ä\\u00e9\\n"', '-1.5e3', 'true', 'null', ' { "a": [1, {"b": [ ]}], "c": "\\"" } '])(
    'reads %s as JSON.parse does',
    (text) => expect(mapJson(text).value).toEqual(JSON.parse(text)),
  )

  it.each([
    ['{"a": 1,}', 1, 9, 'string'],
    ['{"a" 1}', 1, 6, 'colon'],
    ['{"a": 1\n "b": 2}', 2, 2, 'comma_or_end'],
    ['{"a":\n  maybe}', 2, 3, 'value'],
    ['{"a": "b}\n', 1, 7, 'closing_quote'],
    ['{"a": "\\x"}', 1, 8, 'escape'],
    ['{"a": 01}', 1, 7, 'number'],
    ['{"a": 1}\nmore', 2, 1, 'end'],
    ['{"a": 1,\n"a": 2}', 2, 1, 'once'],
    ['', 1, 1, 'value'],
  ])('names the first mistake of %j', (text, line, column, expected) => {
    expect(mapJson(text).fault).toMatchObject({ line, column, expected })
  })

  it('keeps a key that objects have already', () => {
    expect(Object.keys(mapJson('{"__proto__": 1}').value as object)).toEqual(['__proto__'])
  })
})

it('finds the place of a path, or of what is around it', () => {
  const text = '{\n  "rules": {\n    "reasons": [\n      {"code": "x"}\n    ]\n  }\n}'
  const { at } = mapJson(text)
  expect(placeOf(text, offsetOf(at, 'reasons[0].code'))).toEqual({ line: 4, column: 16 })
  expect(placeOf(text, offsetOf(at, 'rules.reasons[0].freight'))).toEqual({ line: 4, column: 7 })
  expect(placeOf(text, offsetOf(at, 'window_days'))).toEqual({ line: 2, column: 12 })
})

it('knows the ways of writing a path', () => {
  for (const path of ['reasons[2].code', 'rules.reasons.2.code', '/rules/reasons/2/code', 'body.rules.reasons[2].code'])
    expect(plainPath(path)).toBe('reasons.2.code')
  expect(plainPath('categories["a b"].final')).toBe('categories.a b.final')
})
