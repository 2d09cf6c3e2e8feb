import { hashesOf, judge, openCheckpoint, sha256, toHex, type SealedEvent, type Verdict } from './verify'
import { entriesOf } from './zip'

export type Say =
  | 'checkpoint'
  | 'unsigned'
  | 'own_key'
  | 'event'
  | 'event_hidden'
  | 'event_erased'
  | 'adopted'
  | 'waiting'
  | 'changed'
  | 'missing'
  | 'history'
  | 'file'
  | 'file_changed'
  | 'file_unknown'
  | 'file_absent'
  | 'damaged'

/** What is known about one thing; `say` is worded by who shows it. */
export interface Line {
  verdict: Verdict
  say: Say
  about: string
  entry?: number
  at?: number
}

export interface Result {
  case: string
  log: string
  entries: number
  signedAt?: Date
  good: boolean
  lines: Line[]
}

interface Case {
  format: string
  origin: string
  case: string
  events: SealedEvent[]
}

const read = (raw: Uint8Array | undefined) => {
  if (!raw) throw new Error('not a bundle')
  return new TextDecoder('utf-8', { fatal: true }).decode(raw)
}

/** Checks a bundle against the keys of its log; without keys, against those in it, which proves less. */
export async function checkBundle(file: Uint8Array, trusted: string[] = []): Promise<Result> {
  const { entries, damaged } = entriesOf(file)
  const found = JSON.parse(read(entries.get('events.json'))) as Case
  if (found.format !== 'aftercare/bundle/1') throw new Error('not a bundle')
  const own = read(entries.get('keys')).split('\n').filter(Boolean)
  const result: Result = { case: found.case, log: found.origin, entries: 0, good: true, lines: [] }
  const tell = (verdict: Verdict, say: Say, about: string, more: Partial<Line> = {}) => {
    result.lines.push({ verdict, say, about, ...more })
    result.good &&= verdict !== 'false'
  }

  const checkpoint = await openCheckpoint(read(entries.get('checkpoint')), trusted.length ? trusted : own).catch(() => undefined)
  if (checkpoint && checkpoint.origin === found.origin) {
    result.entries = checkpoint.size
    if (checkpoint.at) result.signedAt = checkpoint.at
    tell('proven', 'checkpoint', checkpoint.origin, { entry: checkpoint.size })
    if (!trusted.length) tell('unproven', 'own_key', own[0] ?? '')
  } else tell('false', 'unsigned', found.origin)

  const erased = new Set(
    found.events
      .filter((one) => one.type === 'data.erased' && one.data)
      .flatMap((one) => (JSON.parse(one.data!) as { events?: string[] }).events ?? []),
  )
  const known = new Set<string>()
  const places = new Set<number>()
  const sealed = new Map<string, string>()
  let whole = true
  for (const e of found.events) {
    const more = { entry: e.position - 1, at: e.at }
    const verdict = checkpoint ? (await judge(e, checkpoint)).verdict : 'unproven'
    const twice = places.has(e.position)
    if (verdict === 'false' || (e.proof && twice)) tell('false', 'changed', e.type, more)
    else if (verdict === 'unproven') tell('unproven', 'waiting', e.type, { at: e.at })
    else if (e.kind !== 1) tell('unproven', 'adopted', e.type, more)
    else tell('proven', erased.has(e.id) ? 'event_erased' : e.data_salt ? 'event' : 'event_hidden', e.type, more)
    if (e.proof) places.add(e.position)
    const stream = `${e.tenant}\n${e.stream}\n${e.subject}\n`
    if (!/^0+$/.test(e.previous) && !known.has(stream + e.previous)) {
      tell('false', 'missing', `${e.stream} ${e.subject}`, { at: e.at })
      whole = false
    }
    const hashes = await hashesOf(e).catch(() => undefined)
    if (hashes) known.add(stream + toHex(hashes.content))
    else whole = false
    if (e.type === 'photo.attached' && e.data && verdict === 'proven')
      for (const one of (JSON.parse(e.data) as { photos?: { id: string; sha256: string }[] }).photos ?? [])
        sealed.set(one.sha256, one.id)
  }
  if (whole) tell('proven', 'history', found.case)

  for (const [name, data] of entries) {
    if (!name.startsWith('evidence/')) continue
    const claimed = name.slice(9).split('.')[0]!
    if (toHex(await sha256(data)) !== claimed) tell('false', 'file_changed', name)
    else if (!sealed.has(claimed)) tell('false', 'file_unknown', name)
    else tell('proven', 'file', name)
    sealed.delete(claimed)
  }
  for (const [hash] of sealed) tell('unproven', 'file_absent', hash)
  for (const name of damaged) if (!name.startsWith('evidence/')) tell('false', 'damaged', name)
  return result
}
