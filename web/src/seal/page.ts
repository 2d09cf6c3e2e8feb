import { checkBundle, type Line } from './bundle'
import { able } from './verify'
import en from '../i18n/check.en.json'
import cn from '../i18n/check.zh-CN.json'
import tw from '../i18n/check.zh-TW.json'

// The page that checks a bundle by itself: no frame, no server. It is built into
// one file that also works from a disk.

type Text = keyof typeof en
type Texts = Record<Text, string>
const further = import.meta.glob<Texts>('../i18n/more/check.*.json', { eager: true, import: 'default' })
const catalogues: Record<string, Texts> = { en, 'zh-CN': cn, 'zh-TW': tw }
for (const [path, words] of Object.entries(further)) catalogues[/check\.(.+)\.json$/.exec(path)![1]!] = words
const nearest = (tag: string): string | undefined =>
  /^zh\b/i.test(tag)
    ? /hant|-tw|-hk|-mo/i.test(tag)
      ? 'zh-TW'
      : 'zh-CN'
    : Object.keys(catalogues).find((code) => code.split('-')[0] === tag.toLowerCase().split('-')[0])
const asked = new URLSearchParams(location.search).get('lang') ?? ''
let lang = [asked, ...navigator.languages].map(nearest).find(Boolean) ?? 'en'
let texts = catalogues[lang]!

const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const say = (key: Text, values: Record<string, string | number> = {}) =>
  texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => apart(String(values[name] ?? whole)))
/** Names and times keep their own direction inside Arabic. */
const apart = (value: string) => (lang === 'ar' ? `\u2068${value}\u2069` : value)
const time = (at: number | Date) => new Date(at).toISOString().replace('T', ' ').slice(0, 19) + ' UTC'

function add(parent: HTMLElement, tag: string, text: string, look = ''): HTMLElement {
  const one = document.createElement(tag)
  one.textContent = text
  if (look) one.className = look
  parent.append(one)
  return one
}

function word(line: Line): string {
  const values = { about: line.about, entry: line.entry ?? '', time: line.at ? time(line.at) : '' }
  return say(`say.${line.say}`, values)
}

async function check(file: File): Promise<void> {
  const out = $('result')
  out.replaceChildren()
  add(out, 'p', say('working'))
  const keys = $<HTMLTextAreaElement>('keys').value.split(/\s+/).filter(Boolean)
  try {
    const result = await checkBundle(new Uint8Array(await file.arrayBuffer()), keys)
    out.replaceChildren()
    add(out, 'h2', say(result.good ? 'good' : 'bad'), result.good ? 'good' : 'bad')
    add(out, 'p', `${file.name} · ${result.case} · ${result.log}`, 'soft')
    if (result.signedAt) add(out, 'p', say('signed_at', { time: time(result.signedAt), entries: result.entries }), 'soft')
    const rows = add(out, 'ol', '')
    for (const line of result.lines) {
      const row = add(rows, 'li', '')
      add(row, 'strong', say(line.verdict), line.verdict === 'false' ? 'bad' : line.verdict === 'proven' ? 'good' : 'soft')
      add(row, 'span', word(line))
    }
  } catch {
    out.replaceChildren()
    add(out, 'h2', say('none'), 'bad')
  }
  out.querySelector('h2')?.setAttribute('tabindex', '-1')
  out.querySelector('h2')?.focus()
}

function show(): void {
  document.documentElement.lang = lang
  document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr'
  document.title = say('title')
  for (const one of document.querySelectorAll<HTMLElement>('[data-text]')) one.textContent = say(one.dataset.text as Text)
}

const pick = $<HTMLInputElement>('file')
const choose = $<HTMLSelectElement>('lang')
show()
choose.value = lang
choose.addEventListener('change', () => {
  lang = choose.value
  texts = catalogues[lang]!
  show()
})
if (able()) {
  pick.addEventListener('change', () => pick.files?.[0] && void check(pick.files[0]))
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    event.preventDefault()
    const [file] = event.dataTransfer?.files ?? []
    if (file) void check(file)
  })
} else {
  pick.disabled = true
  add($('result'), 'p', say('unable'), 'bad')
}
