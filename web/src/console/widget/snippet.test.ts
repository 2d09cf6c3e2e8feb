import { expect, it } from 'vitest'
import { policy, snippet } from './snippet'

const usual = { opens: 'button', selector: '', side: 'end', theme: 'auto' } as const

it('says only what is not as usual', () => {
  expect(snippet('https://care.example', usual)).toBe('<script src="https://care.example/widget.js" defer></script>')
  expect(snippet('https://care.example', { ...usual, side: 'start', theme: 'dark' })).toBe(
    '<script src="https://care.example/widget.js" defer data-side="start" data-theme="dark"></script>',
  )
})

it('names the element of the page, whatever its selector', () => {
  const own = (selector: string) => snippet('https://care.example', { ...usual, opens: 'own', selector })
  expect(own(' ')).toContain('data-launcher="#returns"')
  expect(own('a[href="/returns"] > b & <i>')).toContain('data-launcher="a[href=&quot;/returns&quot;] > b &amp; &lt;i>"')
})

it('names what a policy has to allow', () => {
  expect(policy('https://care.example')).toBe('script-src https://care.example; frame-src https://care.example')
})
