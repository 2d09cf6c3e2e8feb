import { lang } from '@/i18n'
import { problemText } from '@/i18n/problem'
import { Problem } from '@/lib/problem'
import { toast } from '@/lib/toast'
import { words } from '@/widget/words'
import { route } from '../nav'
import { saving } from './words'

const minute = 60_000

/** The way to the same page by itself, for browsers and apps that let a frame save nothing. */
const wayOut = () => ({ label: words[lang.value]!.tab, run: () => window.open(route.path, '_blank', 'noopener') })

/** What the server calls a file, else what the link does. */
export function fileName(header: string | null, otherwise: string): string {
  return /filename="?([^";]+)/.exec(header ?? '')?.[1] ?? otherwise
}

/**
 * Saves a file from inside the frame. The browser would ask for it as if from a page by itself,
 * without the frame's cookie: so the page asks, and hands over what has arrived.
 */
export async function save(url: URL, name: string): Promise<void> {
  toast(saving[lang.value], wayOut())
  try {
    const answer = await fetch(url, { headers: { 'Accept-Language': lang.value } })
    if (!answer.ok) throw await Problem.from(answer)
    const file = URL.createObjectURL(await answer.blob())
    const link = document.createElement('a')
    link.href = file
    link.download = fileName(answer.headers.get('Content-Disposition'), name)
    link.click()
    setTimeout(() => URL.revokeObjectURL(file), minute)
  } catch (error) {
    toast(problemText(Problem.of(error)), wayOut())
  }
}
