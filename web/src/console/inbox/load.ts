/** A part about lists, mentions or keys comes together with its texts. */
export function withInbox<T>(part: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [found] = await Promise.all([part(), import('./texts').then(({ readTexts }) => readTexts())])
    return found
  }
}
