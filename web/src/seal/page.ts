import { checkBundle, type Line } from './bundle'
import { able } from './verify'
import en from '../i18n/check.en.json'
import cn from '../i18n/check.zh-CN.json'
import tw from '../i18n/check.zh-TW.json'

// The page that checks a bundle by itself: no frame, no server. It is built into
// one file that also works from a disk.

type Text = keyof typeof en
const catalogues: Record<string, Record<Text, string>> = { en, 'zh-CN': cn, 'zh-TW': tw }
const wanted = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en'
const lang = /^zh/i.test(wanted) ? (/hant|-tw|-hk|-mo/i.test(wanted) ? 'zh-TW' : 'zh-CN') : 'en'
let texts = catalogues[new URLSearchParams(location.search).get('lang') ?? lang] ?? en

const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const say = (key: Text, values: Record<string, string | number> = {}) =>
  texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
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
  document.documentElement.lang = Object.keys(catalogues).find((code) => catalogues[code] === texts) ?? 'en'
  document.title = say('title')
  for (const one of document.querySelectorAll<HTMLElement>('[data-text]')) one.textContent = say(one.dataset.text as Text)
}

const pick = $<HTMLInputElement>('file')
const choose = $<HTMLSelectElement>('lang')
show()
choose.value = document.documentElement.lang
choose.addEventListener('change', () => {
  texts = catalogues[choose.value]!
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
