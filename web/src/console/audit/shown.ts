/** What the list of who did what shows: changes first, for sign-ins and reads are most of the log. */
export const shows = ['changes', 'all', 'access'] as const
export type Show = (typeof shows)[number]
const access = ['session.*', 'proof.succeeded', 'proof.failed', 'data.read', 'message.read']

/** The kinds of events that the server is asked for; a minus leaves them out. */
export function listed(show: Show): string {
  if (show === 'all') return ''
  return access.map((one) => (show === 'changes' ? `-${one}` : one)).join(',')
}
