import { nextTick } from 'vue'
import { plainPath } from './jsonmap'

const at = (root: HTMLElement, path: string): HTMLElement | undefined => {
  const parts = plainPath(path).split('.')
  for (; parts.length; parts.pop()) {
    const found = root.querySelector<HTMLElement>(`[data-path="${CSS.escape(parts.join('.'))}"]`)
    if (found) return found
  }
  return undefined
}

/** Takes the reader to the field of a path, opening what is folded around it. */
export async function goTo(root: HTMLElement | null, path: string): Promise<void> {
  if (!root) return
  let box = at(root, path)
  const fold = box?.querySelector<HTMLElement>(':scope > div > [aria-expanded=false]')
  if (fold) {
    fold.click()
    await nextTick()
    box = at(root, path)
  }
  const details = box?.querySelector('details:not([open])')
  const first = box?.querySelector<HTMLElement>('[aria-invalid=true], input, select, textarea')
  if (details && !first) details.setAttribute('open', '')
  box?.scrollIntoView({ block: 'center' })
  first?.focus({ preventScroll: true })
}
