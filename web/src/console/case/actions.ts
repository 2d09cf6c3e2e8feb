import type { CaseActionName, StaffCase } from '@/api/staff'
import type { Blocking } from '@/api/types'
import type { Key } from '@/i18n'
import { capOf } from '../keys'

/** The order in which actions are shown, the most urgent of each state first. */
const order: CaseActionName[] = [
  'accept',
  'approve',
  'answer',
  'receive',
  'grade',
  'ship',
  'confirm',
  'reopen',
  'keep_closed',
  'refuse',
  'offer',
  'decline',
  'amend',
  'hand_over',
  'add_parcel',
  'address',
  'back_order',
  'convert',
  'liability',
  'lose',
  'withdraw',
  'assign',
  'note',
]
/** The key of each action; those without one are in the sheet of all actions. */
export const keyOf: Partial<Record<CaseActionName, string>> = {
  approve: 'A',
  refuse: 'D',
  accept: 'Y',
  offer: 'F',
  receive: 'V',
  grade: 'G',
  ship: 'P',
  confirm: 'C',
  assign: 'T',
  note: 'N',
}
/** The key of an action as it is here now, for buttons. */
export const hintOf = (name: CaseActionName): string => (keyOf[name] ? capOf(`Key${keyOf[name]}`) : '')
/** What is used rarely enough to stay in the sheet even when it is possible. */
const rare = new Set<CaseActionName>([
  'liability',
  'lose',
  'withdraw',
  'assign',
  'note',
  'add_parcel',
  'amend',
  'address',
  'back_order',
])
const primaries = new Set<CaseActionName>(['accept', 'approve', 'receive', 'grade', 'ship', 'confirm'])
const atMost = 4

/** What an action is called here: answering an offer of one's own is taking it back. */
export function labelOf(found: StaffCase, name: CaseActionName): Key {
  const open = found.offers?.find((one) => one.state === 'open')
  if (name === 'decline' && open?.mine) return 'offers.take_back'
  if (name === 'offer' && open) return 'offers.counter'
  return `do.${name}`
}

export interface Doable {
  name: CaseActionName
  /** Empty where it is possible now. */
  why: string
  /** Who has to move first, until when, and what would help. */
  until?: Partial<Blocking>
  primary: boolean
}

/** Everything this role can do to the case at all, with the reason where it cannot be done now. */
export function doable(found: StaffCase): Doable[] {
  const mine = order.flatMap((name) =>
    found.actions.filter((one) => one.action === name && one.reason?.code !== 'role').map((one) => ({ name, one })),
  )
  const first = mine.find(({ name, one }) => one.allowed && primaries.has(name))?.name
  return mine.map(({ name, one }) => ({
    name,
    why: one.allowed ? '' : one.reason?.text || '—',
    until: one.allowed ? undefined : one.reason,
    primary: name === first,
  }))
}

/** What stands in the head of the case: the few things that are possible now. */
export const prominent = (all: Doable[]): Doable[] =>
  all.filter((one) => !one.why && !rare.has(one.name)).slice(0, atMost)
