import { defineAsyncComponent, type Component } from 'vue'

const most = 4

/** A part of a page that is loaded when it is shown. Without a network it comes
 * as soon as there is one again: nothing that a person did has to be repeated. */
export function later<T extends Component>(load: () => Promise<{ default: T } | T>): T {
  return defineAsyncComponent<T>({
    loader: load as () => Promise<T>,
    onError(_error, retry, fail, attempt) {
      if (attempt >= most && navigator.onLine) return fail()
      if (!navigator.onLine) window.addEventListener('online', retry, { once: true })
      else setTimeout(retry, 1000 * attempt)
    },
  })
}
