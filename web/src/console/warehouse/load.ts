/** A page of the warehouse comes together with its texts: who sits at a desk does not need them. */
export function withBench<T>(page: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([page(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
