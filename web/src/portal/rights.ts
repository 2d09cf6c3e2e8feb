/** A part about rights comes together with its texts: most visits need neither. */
export const withRights =
  <T>(part: () => Promise<T>) =>
  async (): Promise<T> => {
    const [found] = await Promise.all([part(), import('./rightsTexts').then(({ readTexts }) => readTexts())])
    return found
  }
