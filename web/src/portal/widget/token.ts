/** Whom and what a token of the shop is about. It is read to compare and to fill in a form: the server alone says whether it is right. */
export interface About {
  /** The customer, or the order where the token names no customer. */
  who: string
  order: string
}

export function about(token: string): About {
  try {
    const raw = atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))
    const text = new TextDecoder().decode(Uint8Array.from(raw, (one) => one.charCodeAt(0)))
    const { sub, order } = JSON.parse(text) as Record<string, unknown>
    const number = typeof order === 'string' ? order : ''
    return { who: typeof sub === 'string' && sub ? `sub ${sub}` : number && `order ${number}`, order: number }
  } catch {
    return { who: '', order: '' }
  }
}

const rest = 'Path=/; Secure; SameSite=None; Partitioned'

/** For whom the site signed its customer in. It is kept as the session is: a frame may have cookies and no other storage. */
export function signedFor(): string {
  const [, found = ''] = document.cookie.match(/(?:^|; )aftercare_for=([^;]*)/) ?? []
  return decodeURIComponent(found)
}
export function signFor(who: string): void {
  document.cookie = `aftercare_for=${encodeURIComponent(who)}; Max-Age=${who ? 86400 : 0}; ${rest}`
}

/** Whether this browser keeps a cookie for a page inside a page of another site. */
export function keepsCookies(): boolean {
  try {
    document.cookie = `aftercare_try=1; ${rest}`
    const kept = /(^|; )aftercare_try=1/.test(document.cookie)
    document.cookie = `aftercare_try=; Max-Age=0; ${rest}`
    return kept
  } catch {
    return false
  }
}
