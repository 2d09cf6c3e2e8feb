/** The page of calendars comes together with its texts. */
export function withCalendars<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([page(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
