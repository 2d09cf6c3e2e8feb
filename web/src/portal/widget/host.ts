import { shallowRef } from 'vue'
import { heard, type Said, type Told } from '@/widget/messages'

// The site around the frame. The browser shows this page on the listed sites
// only; nothing is said to another one and nothing heard from it.

const asked = new URLSearchParams(location.search)
const listed: string[] = JSON.parse(document.getElementById('widget')?.textContent || '[]')
const named = asked.get('host') ?? ''
const hosts = listed.includes(named) ? [named] : listed
/** What a page of the widget has to be opened with to be as this one is. */
export const own = new URLSearchParams([...asked].filter(([name]) => ['lang', 'theme', 'host'].includes(name)))

/** Where the customer can go on when this browser keeps no sign-in here; empty: it does. */
export const elsewhere = shallowRef('')

export function say(message: Said): void {
  for (const host of hosts) window.parent.postMessage({ aftercare: 1, ...message }, host)
}

type Answers = { [T in Told['type']]: Extract<Told, { type: T }> }
type Listener<T extends Told['type']> = (message: Answers[T]) => void
const listeners: { [T in Told['type']]?: Listener<T> } = {}

/** Calls a function with each message of a kind; there is one for each kind. */
export function on<T extends Told['type']>(type: T, listener: Listener<T>): void {
  ;(listeners as Record<string, unknown>)[type] = listener
}

const waiting = new Map<string, (message: Told) => void>()

/** Says something and waits for the answer; undefined when there is none for a while. */
export function ask<T extends Told['type']>(
  message: Said,
  answer: T,
  patience = 4000,
): Promise<Answers[T] | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => waiting.delete(answer) && resolve(undefined), patience)
    waiting.set(answer, (told) => {
      clearTimeout(timer)
      waiting.delete(answer)
      resolve(told as Answers[T])
    })
    say(message)
  })
}

window.addEventListener('message', (event) => {
  if (event.source !== window.parent || !hosts.includes(event.origin)) return
  const message = heard<Told>(event.data)
  if (!message) return
  const wanted = waiting.get(message.type)
  if (wanted) wanted(message)
  else (listeners[message.type] as ((message: Told) => void) | undefined)?.(message)
})
