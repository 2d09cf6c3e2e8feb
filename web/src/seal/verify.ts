// Checks what a sealed log says, with nothing but the browser's own cryptography:
// docs/formats/seal.md, byte for byte. Nothing in here asks a server.

/** An event with what proves it. Hashes and salts are hexadecimal, proofs base64. */
export interface SealedEvent {
  position: number
  kind: number
  tenant: string
  id: string
  stream: string
  subject: string
  version: number
  type: string
  actor_kind: string
  at: number
  who: string
  data_hash: string
  who_salt?: string
  actor_id?: string
  actor_name?: string
  data_salt?: string
  data?: string
  previous: string
  proof: string[] | null
}

export interface Checkpoint {
  origin: string
  size: number
  root: Uint8Array
  /** Names of the keys whose signature is right. */
  signed: string[]
  /** When the log says it signed. */
  at?: Date
}

type Bytes = Uint8Array<ArrayBuffer>
const text = new TextEncoder()
const bytes = (...parts: Uint8Array[]): Bytes => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0)
  return all
}

/** Whether this page may compute hashes: browsers allow it on https and on this machine. */
export const able = (): boolean => !!globalThis.crypto?.subtle

export function fromHex(hex: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new Error('not hexadecimal')
  return Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16))
}
export const toHex = (raw: Uint8Array): string => [...raw].map((one) => one.toString(16).padStart(2, '0')).join('')
export const fromBase64 = (base64: string): Bytes => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
export const sha256 = async (raw: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', raw))
export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index])

async function mac(salt: Bytes, content: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', salt, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, content))
}

function field(value: string): Bytes {
  const raw = text.encode(value)
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, raw.length)
  return bytes(size, raw)
}
function number(value: number): Bytes {
  const raw = new Uint8Array(8)
  new DataView(raw.buffer).setBigInt64(0, BigInt(value))
  return raw
}

export type Wrong = 'who' | 'data'

/** The content and the leaf of an event; throws what does not fit: who acted, or what was said. */
export async function hashesOf(e: SealedEvent): Promise<{ content: Bytes; leaf: Bytes }> {
  const who = fromHex(e.who)
  const data = fromHex(e.data_hash)
  if (e.who_salt) {
    const said = bytes(text.encode('aftercare/who/1\n'), field(e.actor_id ?? ''), field(e.actor_name ?? ''))
    if (!same(await mac(fromHex(e.who_salt), said), who)) throw new Error('who' satisfies Wrong)
  } else if (e.actor_id || e.actor_name) throw new Error('who' satisfies Wrong)
  if (e.data_salt) {
    const said = bytes(text.encode('aftercare/data/1\n'), text.encode(e.data ?? ''))
    if (!same(await mac(fromHex(e.data_salt), said), data)) throw new Error('data' satisfies Wrong)
  } else if (e.data) throw new Error('data' satisfies Wrong)
  const head = bytes(
    text.encode('aftercare/event/1\n'),
    ...[e.tenant, e.id, e.stream, e.subject].map(field),
    number(e.version),
    field(e.type),
    field(e.actor_kind),
    number(e.at),
  )
  const content = await sha256(bytes(head, who, data))
  const inner = await sha256(bytes(text.encode('aftercare/leaf/1\n'), content, fromHex(e.previous)))
  return { content, leaf: await sha256(bytes(new Uint8Array([0, e.kind]), inner)) }
}

const half = (n: number) => Math.floor(n / 2)

/** Walks from a leaf up to the root that a proof leads to (RFC 6962); undefined where it leads nowhere. */
export async function rootOf(leaf: Bytes, index: number, size: number, proof: string[]): Promise<Bytes | undefined> {
  if (!(index >= 0 && index < size)) return undefined
  const one = new Uint8Array([1])
  let [at, last, hash] = [index, size - 1, leaf]
  for (const step of proof) {
    const other = fromBase64(step)
    if (last === 0 || other.length !== 32) return undefined
    if (at % 2 === 1 || at === last) {
      hash = await sha256(bytes(one, other, hash))
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)]
    } else hash = await sha256(bytes(one, hash, other))
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 ? hash : undefined
}

interface Known {
  name: string
  id: Bytes
  alg: number
  key: Bytes
}

/** The forms in which a public key signs: plainly, and with the time of signing. */
async function known(verifier: string): Promise<Known[]> {
  const [name = '', , ...rest] = verifier.split('+')
  const raw = fromBase64(rest.join('+'))
  if (!name || raw.length !== 33) throw new Error('not a key')
  const key = raw.slice(1)
  const forms = raw[0] === 1 ? [1, 4] : [raw[0]!]
  return Promise.all(
    forms.map(async (alg) => ({
      name,
      alg,
      key,
      id: (await sha256(bytes(text.encode(`${name}\n`), new Uint8Array([alg]), key))).slice(0, 4),
    })),
  )
}

async function signs(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  const made = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify'])
  return crypto.subtle.verify({ name: 'Ed25519' }, made, signature, message)
}

/**
 * Reads a signed checkpoint and checks every signature of the keys given. Throws when none of them has signed it, or a
 * signature of theirs is wrong.
 */
export async function openCheckpoint(note: string, keys: string[]): Promise<Checkpoint> {
  const end = note.indexOf('\n\n')
  const body = note.slice(0, end + 1)
  const [origin = '', size = '', root = ''] = body.split('\n')
  if (end < 0 || !/^\d{1,15}$/.test(size)) throw new Error('not a checkpoint')
  const found: Checkpoint = { origin, size: Number(size), root: fromBase64(root), signed: [] }
  const all = (await Promise.all(keys.map(known))).flat()
  for (const line of note
    .slice(end + 2)
    .split('\n')
    .filter(Boolean)) {
    const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? []
    if (!name || !base64) throw new Error('not a checkpoint')
    const raw = fromBase64(base64)
    const key = all.find((one) => one.name === name && same(one.id, raw.slice(0, 4)))
    if (!key) continue // of somebody whom nobody here knows
    if (key.alg === 1) {
      if (!(await signs(key.key, raw.slice(4), text.encode(body)))) throw new Error('signature')
    } else {
      const seconds = Number(new DataView(raw.buffer, 4, 8).getBigUint64(0))
      const message = text.encode(`cosignature/v1\ntime ${seconds}\n${body}`)
      if (!(await signs(key.key, raw.slice(12), message))) throw new Error('signature')
      if (name === origin) found.at = new Date(seconds * 1000)
    }
    if (!found.signed.includes(name)) found.signed.push(name)
  }
  if (!found.signed.includes(origin)) throw new Error('signature')
  return found
}

export type Verdict = 'proven' | 'unproven' | 'false'

/** Whether an event is where it says it is, under a checkpoint that was opened. */
export async function judge(
  e: SealedEvent,
  checkpoint: Checkpoint,
): Promise<{ verdict: Verdict; wrong?: Wrong | 'path' }> {
  let leaf: Bytes
  try {
    leaf = (await hashesOf(e)).leaf
  } catch (error) {
    return { verdict: 'false', wrong: (error as Error).message === 'data' ? 'data' : 'who' }
  }
  if (!e.proof) return { verdict: 'unproven' }
  const root = await rootOf(leaf, e.position - 1, checkpoint.size, e.proof)
  return root && same(root, checkpoint.root) ? { verdict: 'proven' } : { verdict: 'false', wrong: 'path' }
}
