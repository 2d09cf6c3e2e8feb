import { onMounted, watch, type Ref } from 'vue'

/**
 * Where the keys begin in a dialog that has just opened: at its first field, or, where it only asks, at the answer that
 * changes nothing. Fingers are left at its title: a field would raise their keyboard over what is to be read first.
 */
export function beginIn(dialog: HTMLElement | null): void {
  const first = dialog?.querySelector<HTMLElement>('div [autofocus]:not(h2)') ?? fieldOf(dialog)
  const begin = first ?? dialog?.querySelector<HTMLElement>('[data-safe]')
  if (begin && !(first && matchMedia('(pointer: coarse)').matches)) begin.focus()
}

function fieldOf(dialog: HTMLElement | null): HTMLElement | undefined {
  const fields = dialog?.querySelectorAll<HTMLInputElement>('input, select, textarea') ?? []
  const open = [...fields].filter((one) => !one.disabled && !['hidden', 'file'].includes(one.type))
  const [first] = open
  // Of a group of choices the one that is taken.
  return first?.type === 'radio' ? (open.find((one) => one.name === first.name && one.checked) ?? first) : first
}

/**
 * Holds a modal dialog to `open`, and answers what the dialog listens to. The browser tells that a dialog closed a moment
 * after it did: whoever opens it again within that moment keeps it open. So Escape counts when it is pressed (`cancel`; a
 * picker of files inside sends one too, which is not the dialog's), and a late `close` of a dialog that is open again does not.
 */
export function useDialog(open: Ref<boolean>, dialog: Readonly<Ref<HTMLDialogElement | null>>, begin: (one: HTMLDialogElement) => void) {
  function follow(): void {
    const one = dialog.value
    if (!one || one.open === open.value) return
    if (!open.value) return one.close()
    one.showModal()
    begin(one)
  }
  watch(open, follow, { flush: 'post' })
  onMounted(follow)

  const shut = (event: Event) => {
    if (event.target === dialog.value) open.value = false
  }
  const shutLate = (event: Event) => {
    if (!dialog.value?.open) shut(event)
  }
  return { cancel: shut, click: shut, close: shutLate }
}
