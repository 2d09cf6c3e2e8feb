import { ref, shallowRef } from 'vue'
import { keep, kept } from '@/lib/keep'
import type adminEn from './admin.en.json'
import type auditEn from './audit.en.json'
import type calendarEn from './calendar.en.json'
import type consoleEn from './console.en.json'
import type deskEn from './desk.en.json'
import type laterEn from './later.en.json'
import type insightEn from './insight.en.json'
import type inboxEn from './inbox.en.json'
import type policyEn from './policy.en.json'
import type portalEn from './portal.en.json'
import type rightsEn from './rights.en.json'
import type sealEn from './seal.en.json'
import type sharedEn from './shared.en.json'
import type talkEn from './talk.en.json'
import type warehouseEn from './warehouse.en.json'

/** The languages everything exists in, and those that only customers' pages have. */
export type Lang = 'zh-CN' | 'zh-TW' | 'en' | 'ja' | 'ko' | 'es' | 'fr' | 'de' | 'pt-BR' | 'ru' | 'ar'
export type Key =
  | keyof typeof sharedEn
  | keyof typeof portalEn
  | keyof typeof calendarEn
  | keyof typeof consoleEn
  | keyof typeof deskEn
  | keyof typeof laterEn
  | keyof typeof inboxEn
  | keyof typeof adminEn
  | keyof typeof auditEn
  | keyof typeof insightEn
  | keyof typeof policyEn
  | keyof typeof rightsEn
  | keyof typeof sealEn
  | keyof typeof talkEn
  | keyof typeof warehouseEn
export type Params = Record<string, string | number>
type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
export type Catalogue = Record<string, string | Plural>
export type Loader = () => Promise<{ default: Catalogue }>

export interface Language {
  code: Lang
  name: string
}

export const languages: Language[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'zh-TW', name: '繁體中文' },
  { code: 'en', name: 'English' },
]

/** The language now shown. It changes only after its texts are there. */
export const lang = ref<Lang>((document.documentElement.lang || 'zh-CN') as Lang)
const texts = shallowRef<Catalogue>({})
/** English, once a text turned out to be missing in the language shown. */
const spare = shallowRef<Catalogue>({})
let reading = false
let loaders: Record<string, Loader> = {}
/** The languages of this face. */
export const offered = shallowRef(languages)
/** The language that is being loaded; what was asked for last wins. */
let wanted: Lang = lang.value
let newest = 0

/** The nearest language we have for a BCP 47 tag, or undefined. */
export function nearest(tag: string): Lang | undefined {
  const low = tag.toLowerCase()
  if (/^zh\b/.test(low)) return /hant|-tw|-hk|-mo/.test(low) ? 'zh-TW' : 'zh-CN'
  return offered.value.find(({ code }) => code.split('-')[0] === low.split('-')[0])?.code
}

/** The language to start with: the link, then what was chosen here before, then the browser. */
export function preferred(): Lang {
  const asked = new URLSearchParams(location.search).get('lang')
  for (const tag of [asked, kept('lang'), ...navigator.languages]) {
    const found = tag ? nearest(tag) : undefined
    if (found) return found
  }
  return 'en'
}

/** Loads the texts of a language from the catalogues given to startI18n and shows it. */
export async function useLanguage(next: Lang): Promise<void> {
  wanted = next
  const mine = ++newest
  const files = Object.entries(loaders).filter(([path]) => path.endsWith(`.${next}.json`))
  const loaded = await Promise.all(files.map(([, load]) => load()))
  if (mine !== newest) return
  texts.value = Object.assign({}, ...loaded.map((file) => file.default)) as Catalogue
  lang.value = next
  document.documentElement.lang = next
  document.documentElement.dir = rtl(next) ? 'rtl' : 'ltr'
}

const rtl = (language: string) => language === 'ar'

/** Reads the English texts: a catalogue should be complete, but a reader must never see a key. */
function readSpare(): void {
  if (reading || lang.value === 'en') return
  reading = true
  const files = Object.entries(loaders).filter(([path]) => path.endsWith('.en.json'))
  Promise.all(files.map(([, load]) => load())).then(
    (found) => (spare.value = Object.assign({}, ...found.map((file) => file.default)) as Catalogue),
    () => (reading = false),
  )
}

/** Remembers a choice made by the user, also for pages the server writes. */
export async function chooseLanguage(next: Lang): Promise<void> {
  await useLanguage(next)
  keep('lang', next)
  document.cookie = `lang=${next}; path=/; max-age=31536000; samesite=lax`
}

/**
 * Starts with the preferred language; `catalogues` comes from import.meta.glob of the face's own files, `more` are
 * its languages besides those that everything exists in.
 */
export async function startI18n(catalogues: Record<string, Loader>, more: Language[] = []): Promise<void> {
  loaders = catalogues
  offered.value = [...languages, ...more]
  await useLanguage(preferred())
}

/** Adds the texts of pages that few people open, in the language now shown or on its way; switching loads them as well. */
export async function addTexts(more: Record<string, Loader>): Promise<void> {
  loaders = { ...loaders, ...more }
  await useLanguage(wanted)
}

/** Puts `{name}` values in, and takes the plural form by `count` where the text has forms. */
export function format(message: string | Plural, params: Params, language: string): string {
  let text = message
  if (typeof text !== 'string') {
    const form = new Intl.PluralRules(language).select(Number(params.count ?? 0))
    text = text[form] ?? text.other
  }
  // Numbers, names and Latin words keep their own direction inside Arabic.
  const [open, close] = rtl(language) ? ['\u2068', '\u2069'] : ['', '']
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    params[name] === undefined ? whole : `${open}${params[name]}${close}`,
  )
}

export function t(key: Key, params: Params = {}): string {
  const message = texts.value[key]
  if (message !== undefined) return format(message, params, lang.value)
  readSpare()
  return tOr(key, key, params)
}

/** The text of a key made at run time (a state, a problem code), or the fallback when there is none. */
export function tOr(key: string, fallback: string, params: Params = {}): string {
  const message = texts.value[key]
  if (message !== undefined) return format(message, params, lang.value)
  const english = spare.value[key]
  return english === undefined ? fallback : format(english, params, 'en')
}
