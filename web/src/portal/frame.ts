import { shallowRef, type Component } from 'vue'

/** Whether we are shown inside a page of somebody else, where only that one part is wanted. */
export const framed = window.self !== window.top
/** What precedes the addresses of pages inside the widget of a shop's site. */
export const base = /^\/widget(\/|$)/.test(location.pathname) ? '/widget' : ''
/** The head of the widget, where we are one. */
export const head = shallowRef<Component>()

/** Whether somebody went on elsewhere: what is shown here may be old when he comes back. */
export const away = shallowRef(false)

/** Goes on at somebody else's, such as to pay: the site around a frame is not to be left. */
export function leave(url: string): void {
  away.value = true
  if (base) window.open(url, '_blank')
  else location.assign(url)
}
