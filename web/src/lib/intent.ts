/** A random UUID, also on pages that are not served over TLS. */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/**
 * One thing a user wants to happen once. Pressing the button again after a
 * failure sends the same key, so the server can tell a retry from a new wish;
 * different content is a different wish and gets a new key.
 */
export class Intent {
  #key = ''
  #content = ''

  keyFor(body: unknown): string {
    const content = JSON.stringify(body ?? null)
    if (!this.#key || content !== this.#content) {
      this.#key = uuid()
      this.#content = content
    }
    return this.#key
  }

  /** Forgets the key after success: the next press is a new wish. */
  done(): void {
    this.#key = ''
  }
}
