const prefix = 'aftercare.'

/** What was kept in this browser, or '' when nothing was or storage is refused. */
export function kept(name: string): string {
  try {
    return localStorage.getItem(prefix + name) ?? ''
  } catch {
    return ''
  }
}

/** Keeps a text in this browser; an empty text removes it. A full or refused storage is ignored: keeping is a convenience. */
export function keep(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(prefix + name, value)
    else localStorage.removeItem(prefix + name)
  } catch {
    // Private windows refuse storage.
  }
}

/** The names under which something is kept. */
export function keptNames(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
  } catch {
    return []
  }
}
