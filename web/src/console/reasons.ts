import { tOr } from '@/i18n'

/** The reasons every shop starts with; others are named by the server where it lists them. */
export const standardReasons = [
  'no_longer_needed',
  'wrong_size',
  'ordered_by_mistake',
  'defective',
  'damaged_in_transit',
  'wrong_item',
  'not_as_described',
  'missing_parts',
]
export const reasonText = (code: string): string => tOr(`reason.${code}`, code.replaceAll('_', ' '))
