import { t } from '@/i18n'
import type { CaseActionName } from '@/api/staff'
import { keyOf } from '../case/actions'
import { places } from '../nav'

export interface KeyRow {
  /** The key by default, as it is listened for. */
  name: string
  what: string
  /** Keys that always are what they are. */
  fixed?: boolean
}
export interface KeyGroup {
  title: string
  rows: KeyRow[]
}

/** Every key of the console with what it does, in the language now shown. */
export function keyGroups(): KeyGroup[] {
  return [
    {
      title: t('keys.everywhere'),
      rows: [
        { name: 'Mod+KeyK', what: t('palette.open'), fixed: true },
        { name: 'Shift+Slash', what: t('keys.title') },
        { name: 'Shift+KeyM', what: t('sheet.keys_bell') },
        { name: 'Shift+KeyD', what: t('sheet.keys_theme') },
        { name: 'KeyZ', what: t('sheet.keys_undo') },
        ...places.value.flatMap(({ code, label }) => (code ? { name: `g ${code}`, what: t(label), fixed: true } : [])),
      ],
    },
    {
      title: t('keys.list'),
      rows: [
        { name: 'KeyJ', what: t('keys.next') },
        { name: 'KeyK', what: t('keys.previous') },
        { name: 'KeyO', what: t('keys.open') },
        { name: 'KeyQ', what: t('sheet.keys_views') },
        { name: 'Slash', what: t('keys.search') },
        { name: 'KeyL', what: t('sheet.keys_filter') },
        { name: 'Shift+KeyT', what: t('sheet.keys_table') },
        { name: 'Shift+KeyC', what: `${t('list.compact')} / ${t('list.comfortable')}` },
        { name: 'KeyX', what: t('keys.choose') },
        { name: 'Shift+KeyA', what: t('keys.choose_all') },
        { name: 'Shift+KeyX', what: t('bulk.clear') },
        { name: 'KeyU', what: t('keys.back') },
      ],
    },
    {
      title: t('keys.case'),
      rows: [
        ...Object.entries(keyOf).map(([name, key]) => ({ name: `Key${key}`, what: t(`do.${name as CaseActionName}`) })),
        { name: 'KeyR', what: t('keys.reply') },
        { name: 'KeyI', what: t('keys.to_me') },
        { name: 'Period', what: t('keys.all_actions') },
        { name: 'Mod+Enter', what: t('keys.send'), fixed: true },
        { name: 'BracketRight', what: t('keys.side') },
      ],
    },
  ]
}
