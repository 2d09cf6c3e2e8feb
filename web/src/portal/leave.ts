import { dropEveryFile } from '@/lib/files'
import { keptNames, keep } from '@/lib/keep'
import { waiting } from './outbox'

/** Nothing that was written or chosen stays in this browser when its owner signs out: others may use it. */
export async function leave(): Promise<void> {
  for (const name of keptNames()) if (/^(draft|talk)\.|^outbox$/.test(name)) keep(name, '')
  waiting.value = []
  await dropEveryFile()
}
