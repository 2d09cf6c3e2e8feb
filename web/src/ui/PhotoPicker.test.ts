import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Photo } from '@/api/types'
import { startI18n, useLanguage, type Catalogue } from '@/i18n'
import PhotoPicker from './PhotoPicker.vue'

// Stands in for the network: remembers what is sent, answers when told to.
class Wire {
  static sent: Wire[] = []
  upload = new EventTarget()
  headers: Record<string, string> = {}
  status = 0
  response: unknown
  responseType = ''
  timeout = 0
  #target = new EventTarget()
  open(): void {}
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value
  }
  addEventListener(name: string, listener: EventListener): void {
    this.#target.addEventListener(name, listener)
  }
  getResponseHeader(): null {
    return null
  }
  abort(): void {
    this.#target.dispatchEvent(new Event('abort'))
  }
  send(): void {
    Wire.sent.push(this)
  }
  answer(status: number, body: unknown): void {
    this.status = status
    this.response = body
    this.#target.dispatchEvent(new Event('load'))
  }
}

beforeAll(async () => {
  await startI18n(import.meta.glob<{ default: Catalogue }>('../i18n/shared.*.json'))
  await useLanguage('en')
})
beforeEach(() => {
  Wire.sent = []
  vi.stubGlobal('XMLHttpRequest', Wire)
  vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('not a picture this browser reads')))
})
afterEach(() => vi.unstubAllGlobals())

async function picker(photos: Photo[] = []) {
  const node = mount(PhotoPicker, {
    props: {
      label: 'Kettle',
      modelValue: photos,
      'onUpdate:modelValue': (value: Photo[]) => node.setProps({ modelValue: value }),
    },
  })
  const input = node.get<HTMLInputElement>('input[type=file]')
  const pick = async () => {
    const file = new File(['bytes'], 'a.jpg', { type: 'image/jpeg' })
    Object.defineProperty(input.element, 'files', { value: [file], configurable: true })
    await input.trigger('change')
    await flushPromises()
  }
  const last = (name: string) => node.emitted(name)?.at(-1)?.[0]
  return { node, pick, last }
}

it('uploads at once and hands over the photo when it has arrived', async () => {
  const { node, pick, last } = await picker()
  await pick()
  expect(Wire.sent).toHaveLength(1)
  expect(last('update:sending')).toBe(1)
  Wire.sent[0]!.answer(201, { id: 'pho_1', url: '/v1/my/photos/pho_1' })
  await flushPromises()
  expect(node.props('modelValue')).toEqual([{ id: 'pho_1', url: '/v1/my/photos/pho_1' }])
  expect(last('update:sending')).toBe(0)
})

it('says why a photo failed and sends it again under the same key', async () => {
  const { node, pick, last } = await picker()
  await pick()
  Wire.sent[0]!.answer(413, { code: 'http.413' })
  await flushPromises()
  expect(node.text()).toContain('The file is too large.')
  expect(last('update:failed')).toBe(1)
  await node.get('button').trigger('click')
  expect(Wire.sent).toHaveLength(2)
  expect(Wire.sent[1]!.headers['Idempotency-Key']).toBe(Wire.sent[0]!.headers['Idempotency-Key'])
})

it('shows photos of a kept draft and removes one', async () => {
  const { node } = await picker([{ id: 'pho_9', url: '/v1/my/photos/pho_9' }])
  expect(node.get('img').attributes('src')).toBe('/v1/my/photos/pho_9')
  await node.get('button[aria-label="Remove photo 1"]').trigger('click')
  expect(node.props('modelValue')).toEqual([])
  expect(node.find('img').exists()).toBe(false)
})
