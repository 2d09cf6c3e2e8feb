import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/talk'
import { Intent } from './intent'
import { begins, join, newestOf, Seen } from './talk'

const said = (seq: number, by: Message['by'], minute: number, text = ''): Message => ({
  id: `evt_${seq}`,
  seq,
  by,
  at: `2026-03-02T04:${String(minute).padStart(2, '0')}:00Z`,
  text,
})

describe('a conversation', () => {
  it('holds each message once, in its place, as it was read last', () => {
    const all = join([said(3, 'shop', 3), said(1, 'customer', 1, 'old')], [said(1, 'customer', 1, 'new'), said(2, 'shop', 2)])
    expect(all.map((one) => [one.seq, one.text])).toEqual([
      [1, 'new'],
      [2, ''],
      [3, ''],
    ])
  })

  it('says who writes where the side changes, or after a while', () => {
    const all = [said(1, 'customer', 0), said(2, 'customer', 5), said(3, 'customer', 20), said(4, 'shop', 21)]
    expect(all.map((_, index) => begins(all, index))).toEqual([true, false, true, true])
    expect(begins([said(1, 'shop', 0), { ...said(2, 'shop', 1), name: 'Ann' }], 1)).toBe(true)
  })

  it('knows the newest message of a side', () => {
    expect(newestOf([said(1, 'customer', 0), said(2, 'shop', 1)], 'customer')?.seq).toBe(1)
    expect(newestOf([said(2, 'shop', 1)], 'customer')).toBeUndefined()
  })

  it('sends again what got no answer under the same key, though it came up on the screen meanwhile', () => {
    const [intent, seen] = [new Intent(), new Seen()]
    const send = (what: { text: string }, last: number) => intent.keyFor({ ...what, seen: seen.of(what, last) })
    const key = send({ text: 'On its way.' }, 3)
    expect(send({ text: 'On its way.' }, 4)).toBe(key)
    expect(seen.of({ text: 'On its way.' }, 4)).toBe(3)
    expect(send({ text: 'Tomorrow.' }, 4)).not.toBe(key)
    intent.done()
    seen.done()
    expect(send({ text: 'On its way.' }, 5)).not.toBe(key)
    expect(seen.of({ text: 'On its way.' }, 6)).toBe(5)
  })
})
