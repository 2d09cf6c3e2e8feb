import { afterEach, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick, ref, useTemplateRef, type Ref } from 'vue'
import { beginIn, useDialog } from './dialog'

afterEach(() => vi.unstubAllGlobals())

/** Which element has the keys after a dialog with this content opened. */
function begun(content: string, coarse = false): string {
  vi.stubGlobal('matchMedia', () => ({ matches: coarse }))
  document.body.innerHTML = `<dialog open><h2 id="title" tabindex="-1" autofocus>Title</h2><div>${content}</div></dialog>`
  const dialog = document.querySelector('dialog')
  dialog?.querySelector('h2')?.focus()
  beginIn(dialog)
  return document.activeElement?.id ?? ''
}
const foot = '<button id="cancel" data-safe>Cancel</button><button id="do">Remove</button>'

it('begins at the first field that can be filled in', () => {
  expect(begun(`<input type="hidden" id="h"><input disabled id="d"><select id="s"></select><input id="i">${foot}`)).toBe('s')
})
it('begins at the choice that is taken', () => {
  expect(begun(`<input type="radio" name="a" id="one"><input type="radio" name="a" id="two" checked>${foot}`)).toBe('two')
})
it('begins where the form says', () => {
  expect(begun(`<input id="i"><input id="code" autofocus>${foot}`)).toBe('code')
})
it('begins at the harmless answer of a question', () => {
  expect(begun(foot)).toBe('cancel')
  expect(begun(foot, true)).toBe('cancel')
})
it('leaves fingers, and what is only read, at the title', () => {
  expect(begun(`<input id="i">${foot}`, true)).toBe('title')
  expect(begun('<button id="other">Other</button>')).toBe('title')
})

/** A dialog on a page, and whether it is wanted open. */
async function shown(): Promise<{ open: Ref<boolean>; dialog: HTMLDialogElement }> {
  const open = ref(true)
  const Page = defineComponent(() => {
    const heard = useDialog(open, useTemplateRef<HTMLDialogElement>('one'), () => {})
    const on = { onCancel: heard.cancel, onClose: heard.close, onClick: heard.click }
    return () => h('dialog', { ref: 'one', ...on }, [h('input', { type: 'file' })])
  })
  document.body.innerHTML = '<main></main>'
  createApp(Page).mount('main')
  await nextTick()
  return { open, dialog: document.querySelector('dialog') as HTMLDialogElement }
}

it('is opened again although the browser has yet to tell that it closed', async () => {
  const { open, dialog } = await shown()
  expect(dialog.open).toBe(true)
  dialog.dispatchEvent(new Event('cancel'))
  await nextTick()
  expect(dialog.open).toBe(false)
  open.value = true
  await nextTick()
  expect(dialog.open).toBe(true)
  dialog.dispatchEvent(new Event('close')) // of the time before
  await nextTick()
  expect([open.value, dialog.open]).toEqual([true, true])
})
it('closes with what closes it, and not with what is given up inside it', async () => {
  const { open, dialog } = await shown()
  dialog.querySelector('input')?.dispatchEvent(new Event('cancel', { bubbles: true }))
  dialog.querySelector('input')?.click()
  await nextTick()
  expect([open.value, dialog.open]).toEqual([true, true])
  dialog.close()
  expect(open.value).toBe(false)
})
