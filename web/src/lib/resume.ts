import { DefaultHttpStack, DetailedError, Upload as Tus, type HttpRequest } from 'tus-js-client'
import type { Photo } from '@/api/types'
import { Problem } from './problem'
import { later, type Resumable } from './photo'

const piece = 4 * 1024 * 1024
const patience = [0, 1000, 2000, 4000, 8000, 15_000, 30_000]

/** Says in the shop's own words why the server refused a piece. */
function problemOf(error: Error): Problem {
  const response = error instanceof DetailedError ? error.originalResponse : undefined
  if (!response) return new Problem(0, 'network.unreachable')
  try {
    const body = JSON.parse(response.getBody()) as Record<string, unknown>
    return new Problem(response.getStatus(), String(body.code ?? `http.${response.getStatus()}`), body)
  } catch {
    return new Problem(response.getStatus(), `http.${response.getStatus()}`)
  }
}

/** The SHA-256 of a file; '' where the page is not served over TLS. */
export async function digest(body: Blob): Promise<string> {
  if (!globalThis.crypto?.subtle) return ''
  const sum = await crypto.subtle.digest('SHA-256', await body.arrayBuffer())
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const speak = (request: HttpRequest) => request.setHeader('Accept-Language', document.documentElement.lang)

/** Sends a file in pieces that go on after a lost connection, and answers what it became. */
export async function resume(body: Blob, options: Resumable): Promise<Photo> {
  const endpoint = (options.url ?? '/v1/my/photos').replace(/photos$/, 'uploads')
  const sha256 = await digest(body)
  options.signal?.throwIfAborted()
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Tus(body, {
      endpoint,
      uploadUrl: options.from ?? null,
      chunkSize: piece,
      retryDelays: patience,
      storeFingerprintForResuming: false,
      httpStack: new DefaultHttpStack({}),
      metadata: sha256 ? { sha256 } : {},
      onBeforeRequest: speak,
      onProgress: (sent, total) => options.progress?.(sent / total),
      onUploadUrlAvailable: () => options.begun?.(upload.url!),
      onError: (error) => reject(problemOf(error)),
      onSuccess: () => resolve(upload.url!),
    })
    options.signal?.addEventListener('abort', () => {
      void upload.abort(options.signal?.reason !== later).catch(() => {})
      reject(new DOMException('Aborted', 'AbortError'))
    })
    upload.start()
  })
  const answer = await fetch(url, { headers: { Accept: 'application/json' }, signal: options.signal ?? null }).catch(
    () => {
      throw new Problem(0, 'network.unreachable')
    },
  )
  if (!answer.ok) throw await Problem.from(answer)
  const { file } = (await answer.json()) as { file: Photo }
  return file
}
