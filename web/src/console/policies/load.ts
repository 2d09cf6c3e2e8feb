/** A page about policies comes together with its texts: there are many, and few people need them. */
export function withTexts<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([page(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
