/** The page that lists events comes together with their words. */
export function withEvents<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([page(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
