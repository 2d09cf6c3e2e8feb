// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkBundle } from './bundle'
import { hashesOf, openCheckpoint, toHex, type SealedEvent } from './verify'

const root = new URL('../../../', import.meta.url)
const doc = readFileSync(new URL('docs/formats/seal.md', root), 'utf8')
const vector = (name: string) => new RegExp(`^${name} +(.+)$`, 'm').exec(doc.split('## Test vectors')[1]!)![1]!
const example = new Uint8Array(readFileSync(new URL('docs/examples/verify/testdata/evidence.zip', root)))
const key = readFileSync(new URL('docs/examples/verify/testdata/key.txt', root), 'utf8').trim()

const event: SealedEvent = {
  position: 1,
  kind: 1,
  tenant: vector('tenant'),
  id: vector('id'),
  stream: vector('stream'),
  subject: vector('subject'),
  version: Number(vector('version')),
  type: vector('type'),
  actor_kind: vector('actor_kind'),
  at: Number(vector('at')),
  who: vector('who'),
  data_hash: vector('data_hash'),
  who_salt: vector('who_salt'),
  actor_id: vector('actor_id'),
  actor_name: vector('actor_name'),
  data_salt: vector('data_salt'),
  data: vector('data'),
  previous: vector('previous'),
  proof: null,
}

describe('the format', () => {
  it('gives the hashes of the documentation', async () => {
    const { content, leaf } = await hashesOf(event)
    expect(toHex(content)).toBe(vector('content'))
    expect(toHex(leaf)).toBe(vector('leaf'))
  })

  it.each(['actor_name', 'data'] as const)('notices another %s', async (field) => {
    await expect(hashesOf({ ...event, [field]: 'x' })).rejects.toThrow(Error)
    const bare = { ...event, [field === 'data' ? 'data_salt' : 'who_salt']: undefined } as SealedEvent
    await expect(hashesOf(bare)).rejects.toThrow(Error)
  })
})

describe('a bundle', () => {
  it('is proven with the key of its log', async () => {
    const result = await checkBundle(example, [key])
    expect(result.good).toBe(true)
    expect(result.lines.filter((line) => line.verdict === 'proven').length).toBeGreaterThan(5)
    expect(result.lines.filter((line) => line.verdict === 'false')).toEqual([])
  })

  it('is false with the key of another log', async () => {
    const other = key.replace(/.{6}$/, 'AAAAA=')
    expect((await checkBundle(example, [other])).good).toBe(false)
  })

  it('is false once anything that is proven was changed', async () => {
    const words = new TextDecoder('latin1').decode(example)
    for (const needle of ['"type": "case.', '"data": "', '"version": ', '"previous": "', '"proof": [']) {
      const changed = example.slice()
      const at = words.indexOf(needle) + needle.length + (needle === '"proof": [' ? 8 : 1)
      changed[at]! ^= 1
      const good = await checkBundle(changed, [key]).then(
        (result) => result.good,
        () => false,
      )
      expect([needle, good]).toEqual([needle, false])
    }
  })

  it('names the part that was changed', async () => {
    const changed = example.slice()
    changed[new TextDecoder('latin1').decode(example).indexOf('<!doctype html>') + 3]! ^= 0x20
    const { good, lines } = await checkBundle(changed, [key])
    expect(good).toBe(false)
    expect(lines.filter((line) => line.verdict === 'false').map((line) => `${line.say} ${line.about}`)).toEqual([
      expect.stringMatching(/^damaged timeline.*\.html$/),
    ])
  })

  it('is refused where it is none', async () => {
    for (const file of [new Uint8Array(), new TextEncoder().encode('hello'.repeat(100)), example.slice(0, -1)])
      await expect(checkBundle(file, [key])).rejects.toThrow(Error)
  })

  it('carries a checkpoint that only its own keys sign', async () => {
    await expect(openCheckpoint('x\n1\nAAAA\n\n— x AAAA\n', [key])).rejects.toThrow(Error)
  })
  it('finds any altered byte', async () => {
    for (let i = 0; i < example.length; i += 1 + (Math.floor(i / 97) % 211)) {
      const changed = example.slice()
      changed[i]! ^= 0x20
      const good = await checkBundle(changed, [key]).then(
        (result) => result.good && result.lines.every((line) => line.verdict === 'proven'),
        () => false,
      )
      expect(good, `byte ${i} of ${example.length}`).toBe(false)
    }
  }, 60_000)
})
