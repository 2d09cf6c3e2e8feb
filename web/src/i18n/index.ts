import { ref, shallowRef } from 'vue'
import { keep, kept } from '@/lib/keep'
import type consoleEn from './console.en.json'
import type deskEn from './desk.en.json'
import type policyEn from './policy.en.json'
import type portalEn from './portal.en.json'
import type rightsEn from './rights.en.json'
import type sharedEn from './shared.en.json'

export type Lang = 'zh-CN' | 'zh-TW' | 'en'
export type Key =
  | keyof typeof sharedEn
  | keyof typeof portalEn
  | keyof typeof consoleEn
  | keyof typeof deskEn
  | keyof typeof policyEn
  | keyof typeof rightsEn
export type Params = Record<string, string | number>
type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
export type Catalogue = Record<string, string | Plural>
export type Loader = () => Promise<{ default: Catalogue }>

export const languages: { code: Lang; name: string }[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'zh-TW', name: '繁體中文' },
  { code: 'en', name: 'English' },
]

/** The language now shown. It changes only after its texts are there. */
export const lang = ref<Lang>('zh-CN')
const texts = shallowRef<Catalogue>({})
let loaders: Record<string, Loader> = {}
/** The language that is being loaded; what was asked for last wins. */
let wanted: Lang = lang.value
let newest = 0

/** The nearest language we have for a BCP 47 tag, or undefined. */
export function nearest(tag: string): Lang | undefined {
  const low = tag.toLowerCase()
  if (/^zh\b/.test(low)) return /hant|-tw|-hk|-mo/.test(low) ? 'zh-TW' : 'zh-CN'
  return low.startsWith('en') ? 'en' : undefined
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
}

/** Remembers a choice made by the user, also for pages the server writes. */
export async function chooseLanguage(next: Lang): Promise<void> {
  await useLanguage(next)
  keep('lang', next)
}

/** Starts with the preferred language; `catalogues` comes from import.meta.glob of the face's own files. */
export async function startI18n(catalogues: Record<string, Loader>): Promise<void> {
  loaders = catalogues
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
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

export function t(key: Key, params: Params = {}): string {
  const message = texts.value[key]
  return message === undefined ? key : format(message, params, lang.value)
}

/** The text of a key made at run time (a state, a problem code), or the fallback when there is none. */
export function tOr(key: string, fallback: string, params: Params = {}): string {
  const message = texts.value[key]
  return message === undefined ? fallback : format(message, params, lang.value)
}
