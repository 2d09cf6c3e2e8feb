import type { Ref } from 'vue'
import type { CaseActionName, StaffCase } from '@/api/staff'
import { t } from '@/i18n'
import { useCommands } from '../commands'
import { capOf, useKeys } from '../keys'
import { me } from '../session'
import { actionOf } from './act'
import { doable, hintOf, labelOf } from './actions'

/** The keys of a case, one letter for each action that is done often, and its commands in the palette. */
export function useCaseKeys(page: {
  shown: Ref<StaffCase | undefined>
  /** There is a customer to write to, and one may. */
  write: Ref<boolean>
  act: (name: CaseActionName) => void
  claim: () => void
  reply: () => void
  sheet: Ref<boolean>
  side: Ref<boolean>
  roomy: Ref<boolean>
}): void {
  useCommands(() => {
    const now = page.shown.value
    if (!now) return []
    const all = doable(now).filter((one) => !one.why)
    const mine = now.assignee?.id === me.value?.id
    return [
      ...all.map(({ name }) => ({
        key: `do.${name}`,
        label: t('do.title', { what: t(labelOf(now, name)), number: now.number }),
        hint: hintOf(name),
        words: name,
        run: () => page.act(name),
      })),
      ...(page.write.value
        ? [{ key: 'reply', label: t('keys.reply'), hint: capOf('KeyR'), words: 'reply message huifu', run: page.reply }]
        : []),
      ...(actionOf(now, 'assign').allowed && !mine
        ? [{ key: 'claim', label: t('claim.take'), hint: capOf('KeyI'), words: 'claim lingqu', run: page.claim }]
        : []),
    ]
  })
  useKeys({
    KeyA: () => page.act('approve'),
    KeyR: () => page.reply(),
    KeyD: () => page.act('refuse'),
    KeyV: () => page.act('receive'),
    KeyG: () => page.act('grade'),
    KeyY: () => page.act('accept'),
    KeyF: () => page.act('offer'),
    KeyP: () => page.act('ship'),
    KeyC: () => page.act('confirm'),
    KeyT: () => page.act('assign'),
    KeyI: () => page.claim(),
    KeyN: () => page.act('note'),
    Period: () => (page.sheet.value = true),
    BracketRight: () => {
      if (!page.roomy.value) page.side.value = true
    },
  })
}
