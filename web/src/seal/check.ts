import type { SealOf } from '@/api/seal'
import { judge, openCheckpoint, type SealedEvent } from './verify'

export interface Checked {
  good: number
  bad: string[]
  signed: string[]
}

/** The events of a seal as the verifier takes them. */
export const eventsOf = (seal: SealOf): SealedEvent[] =>
  seal.events.map((one) => ({
    ...one.parts,
    id: one.id,
    type: one.type,
    position: (one.entry ?? -1) + 1,
    proof: one.entry === undefined ? null : one.proof,
  }))

/** Checks all events of a case here; undefined where the checkpoint is not signed by the log's keys. */
export async function check(seal: SealOf): Promise<Checked | undefined> {
  const checkpoint = await openCheckpoint(seal.checkpoint, seal.keys).catch(() => undefined)
  if (!checkpoint) return undefined
  const result: Checked = { good: 0, bad: [], signed: checkpoint.signed }
  for (const event of eventsOf(seal)) {
    const { verdict } = await judge(event, checkpoint)
    if (verdict === 'proven') result.good++
    if (verdict === 'false') result.bad.push(event.id)
  }
  return result
}

/** Who signed a checkpoint besides the log itself. */
export const cosigners = (note: string, log: string): string[] => [
  ...new Set(
    note
      .split('\n')
      .map((line) => /^— (\S+) /.exec(line)?.[1] ?? '')
      .filter((name) => name && name !== log),
  ),
]
