/** A page for administrators comes together with its texts: few people look at them. */
export function withAdmin<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([page(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
