/** What stands behind a slash that begins the text, or a word, before the cursor; undefined where none does. */
export function slashed(text: string, cursor: number): string | undefined {
  return /(?:^|\s)\/([^\s/]{0,30})$/.exec(text.slice(0, cursor))?.[1]
}

/** The text with something in the place of the slash and what follows it, and where the cursor stands then. */
export function insert(text: string, cursor: number, put: string): { text: string; cursor: number } {
  const from = text.lastIndexOf('/', cursor - 1)
  const before = text.slice(0, from) + put
  return { text: before + text.slice(cursor), cursor: before.length }
}
