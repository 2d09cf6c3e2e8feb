export interface FieldError {
  field: string
  message: string
  expected?: string
  /** What is wrong, by a code that never changes, where there is one. */
  code?: string
  /** The sentence by language, where there are words for it. */
  says?: Record<string, string>
  /** The whole sentence, where there is one. */
  said?: string
}

/** A refusal of the server (RFC 9457) or a failure to reach it, with everything a page needs to explain it. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
  readonly errors: FieldError[]
  readonly facts: Record<string, unknown>

  constructor(status: number, code: string, body: Record<string, unknown> = {}, requestId = '') {
    super(typeof body.title === 'string' ? body.title : code)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.detail = typeof body.detail === 'string' ? body.detail : ''
    this.requestId = typeof body.request_id === 'string' ? body.request_id : requestId
    this.errors = Array.isArray(body.errors) ? (body.errors as FieldError[]) : []
    this.facts = body
  }

  /** The server could not be reached, or did not answer in time. */
  get unreachable(): boolean {
    return this.status === 0
  }

  static async from(response: Response): Promise<Problem> {
    const requestId = response.headers.get('X-Request-Id') ?? ''
    const body: unknown = await response.json().catch(() => ({}))
    const fields = body && typeof body === 'object' ? (body as Record<string, unknown>) : {}
    const code = typeof fields.code === 'string' ? fields.code : `http.${response.status}`
    return new Problem(response.status, code, fields, requestId)
  }

  /** Any thrown value as a Problem, so that pages handle one kind. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) return error
    return new Problem(0, 'page.failed', { title: error instanceof Error ? error.message : String(error) })
  }
}
