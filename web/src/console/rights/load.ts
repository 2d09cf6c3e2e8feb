/** A part about rights comes together with its texts. */
export function withRights<T>(part: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([part(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
