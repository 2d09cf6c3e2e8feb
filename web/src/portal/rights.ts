/** A page comes together with the texts of what few visits need. */
export const withTexts =
  <T>(part: () => Promise<T>) =>
  async (): Promise<T> =>
    (await Promise.all([part(), import('./laterTexts').then(({ readTexts }) => readTexts())]))[0]

/** A part about rights comes together with its texts: most visits need neither. */
export const withRights =
  <T>(part: () => Promise<T>) =>
  async (): Promise<T> => {
    const [found] = await Promise.all([part(), import('./rightsTexts').then(({ readTexts }) => readTexts())])
    return found
  }
