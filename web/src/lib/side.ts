import { lang } from '@/i18n'

/**
 * From which side a text is written that may be in another language than the page, such as the
 * shop's own words. A text in Arabic may begin with a Latin name, which alone would turn it round.
 */
export const side = (text = '') => (lang.value === 'ar' && /[\u0600-\u06ff]/.test(text) ? 'rtl' : 'auto')
