import type { EvidenceKind } from '@/api/types'
import { Problem } from './problem'

const mega = 1024 * 1024
const most: Record<EvidenceKind, number> = { photo: 60 * mega, video: 100 * mega, document: 10 * mega }
const longest = 60
const types: Record<EvidenceKind, string> = {
  photo: 'image/*',
  video: 'video/mp4,video/quicktime,video/webm',
  document: 'application/pdf',
}

/** What the file chooser offers. */
export const accepts = (kinds: EvidenceKind[]) => kinds.map((kind) => types[kind]).join(',')

export function kindOf(file: Blob): EvidenceKind {
  if (file.type.startsWith('video/')) return 'video'
  return file.type === 'application/pdf' ? 'document' : 'photo'
}

/** Seconds of a video, as far as this browser can tell; 0 where it cannot. */
function length(file: Blob): Promise<number> {
  return new Promise((resolve) => {
    const video = document.createElement('video')
    const url = URL.createObjectURL(file)
    const done = (seconds: number) => {
      URL.revokeObjectURL(url)
      resolve(Number.isFinite(seconds) ? seconds : 0)
    }
    setTimeout(() => done(0), 4000)
    video.preload = 'metadata'
    video.addEventListener('loadedmetadata', () => done(video.duration))
    video.addEventListener('error', () => done(0))
    video.src = url
  })
}

/** Why a file need not be sent: the server would refuse it. */
export async function refusal(file: Blob, kinds: EvidenceKind[]): Promise<Problem | undefined> {
  const kind = kindOf(file)
  if (!kinds.includes(kind) || (kind === 'photo' && file.type && !file.type.startsWith('image/')))
    return new Problem(422, 'evidence.type')
  if (file.size > most[kind]) return new Problem(422, 'evidence.too_large')
  if (kind === 'video' && (await length(file)) > longest + 1) return new Problem(422, 'evidence.too_long')
  return undefined
}
