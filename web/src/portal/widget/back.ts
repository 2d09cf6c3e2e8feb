import { heard } from '@/widget/messages'

// A page of payment opens in a tab of its own and leads back to the address it
// was opened from. That tab has no session and nothing to show: the frame, which
// opened it, reads the case again, and the tab closes.

type Word = { type: 'back' } | { type: 'seen' }
const patience = 1500
const word = (data: unknown) => heard<never>(data) as Word | undefined
const tell = (window: Window, type: Word['type']) => window.postMessage({ aftercare: 1, type }, location.origin)
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** In the frame: calls a function when a tab that it has opened is back. */
export function onBack(again: () => void): void {
  window.addEventListener('message', ({ data, origin, source }) => {
    if (origin !== location.origin || source === window || word(data)?.type !== 'back') return
    tell(source as Window, 'seen')
    again()
  })
}

/** In a tab by itself: tells the frame that has opened it, and closes. It comes to an end only where that is not possible. */
export async function goBack(): Promise<void> {
  const frame = window.opener as Window | null
  if (!frame) return
  const seen = new Promise<boolean>((done) => {
    window.addEventListener('message', ({ data, origin, source }) => {
      if (origin === location.origin && source === frame && word(data)?.type === 'seen') done(true)
    })
  })
  try {
    tell(frame, 'back')
  } catch {
    return
  }
  if (!(await Promise.race([seen, wait(patience).then(() => false)]))) return
  window.close()
  await wait(patience)
}
