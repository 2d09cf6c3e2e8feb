import type { Photo } from '@/api/types'
import { withNote } from './exif'
import { Problem } from './problem'

const longest = 1600
const quality = 0.82

/** A picture small enough to send from a phone; kinds the browser cannot read, and what is no picture, go up as they are. */
export async function shrink(file: Blob): Promise<Blob> {
  if (/^(video|application)\//.test(file.type)) return file
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return file
  }
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  const context = canvas.getContext('2d')
  if (!context) return file
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
  return made ? withNote(file, made) : file
}

/** From this size on a file is sent in pieces. */
const large = 512 * 1024
const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    for (const [what, target] of [
      ['online', window],
      ['abort', signal],
    ] as const)
      target?.addEventListener(what, () => (clearTimeout(timer), done()), { once: true })
  })

/** Sends a file until it has arrived: after a lost connection it waits for the network and goes on. */
export async function deliver(body: Blob, options: Resumable): Promise<Photo> {
  const goOn = { ...options, begun: (url: string) => ((goOn.from = url), options.begun?.(url)) }
  for (let attempt = 0; ; attempt++) {
    try {
      if (body.size < large && !goOn.from) return await upload(body, goOn)
      const { resume } = await import('./resume')
      return await resume(body, goOn)
    } catch (error) {
      if (goOn.from && error instanceof Problem && error.status === 404) {
        goOn.from = undefined // It was forgotten, or this is another person: from the beginning.
        continue
      }
      const lost = (error instanceof Problem && error.unreachable) || error instanceof TypeError
      if (!lost || options.signal?.aborted || (attempt >= 5 && navigator.onLine)) throw error
      options.waiting?.(true)
      await pause(navigator.onLine ? 1000 * 2 ** attempt : 3_600_000, options.signal)
      options.signal?.throwIfAborted()
      options.waiting?.(false)
    }
  }
}

/** Why sending stops where it will go on another time; for any other reason the server is told to forget the file. */
export const later = 'later'

export interface Resumable extends Upload {
  from?: string | undefined
  begun?: (url: string) => void
  /** The network is gone; it goes on by itself. */
  waiting?: (now: boolean) => void
}
export interface Upload {
  key: string
  progress?: (part: number) => void
  signal?: AbortSignal
  url?: string
}

/** Sends the bytes and reports progress, which fetch cannot do for uploads. */
export function upload(body: Blob, options: Upload): Promise<Photo> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', options.url ?? '/v1/my/photos')
    call.responseType = 'json'
    call.timeout = 120_000
    call.setRequestHeader('Content-Type', body.type || 'application/octet-stream')
    call.setRequestHeader('Idempotency-Key', options.key)
    call.setRequestHeader('Accept-Language', document.documentElement.lang)
    call.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) options.progress?.(event.loaded / event.total)
    })
    const lost = () => reject(new Problem(0, 'network.unreachable'))
    call.addEventListener('error', lost)
    call.addEventListener('timeout', lost)
    call.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')))
    call.addEventListener('load', () => {
      const answer = (call.response ?? {}) as Record<string, unknown>
      if (call.status < 300) return resolve(answer as unknown as Photo)
      const code = typeof answer.code === 'string' ? answer.code : `http.${call.status}`
      reject(new Problem(call.status, code, answer, call.getResponseHeader('X-Request-Id') ?? ''))
    })
    options.signal?.addEventListener('abort', () => call.abort())
    call.send(body)
  })
}
