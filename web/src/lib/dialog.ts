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
