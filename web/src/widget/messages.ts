// What the page around the frame and the portal inside it say to each other.
// Each message is {aftercare: 1, type, …}; others are ignored. Both sides send to
// one origin only and listen to one window of one origin only.

/** From the portal inside. */
export type Said =
  /** Is here, and asks what it should show. */
  | { type: 'hello' }
  /** Shows something. */
  | { type: 'ready' }
  /** How high its page is, in CSS pixels. */
  | { type: 'resize'; height: number }
  /** The customer is done. */
  | { type: 'close' }
  /** Its session has ended: is there a token? */
  | { type: 'token' }

/** From the site around it. */
export type Told =
  /** Answers hello. */
  | { type: 'start'; token: string; signedOut: boolean; order: string }
  /** The panel was opened, perhaps for an order. */
  | { type: 'open'; order: string }
  /** Answers token, or the customer has signed in; empty: there is none. */
  | { type: 'token'; token: string }
  /** The customer has signed out of the site. */
  | { type: 'signout' }

/** A message of ours, or undefined. */
export function heard<M extends Said | Told>(data: unknown): M | undefined {
  const message = data as { aftercare?: unknown; type?: unknown } | null
  return message && typeof message === 'object' && message.aftercare === 1 && typeof message.type === 'string'
    ? (data as M)
    : undefined
}
