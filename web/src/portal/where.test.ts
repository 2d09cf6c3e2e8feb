import { afterEach, describe, expect, it, vi } from 'vitest'
import { far, whereAmI } from './where'

describe('where somebody is', () => {
  afterEach(() => void vi.unstubAllGlobals())
  const device = (geolocation: unknown) => vi.stubGlobal('navigator', { geolocation })

  it('is told no more exactly than is needed', async () => {
    device({ getCurrentPosition: (found: (at: unknown) => void) => found({ coords: { latitude: 30.246789, longitude: 120.210012 } }) })
    expect(await whereAmI()).toEqual({ latitude: 30.247, longitude: 120.21 })
  })

  it('is not known where the device may not tell', async () => {
    device({ getCurrentPosition: (_: unknown, refused: () => void) => refused() })
    expect(await whereAmI()).toBeUndefined()
    vi.stubGlobal('navigator', {})
    expect(await whereAmI()).toBeUndefined()
  })
})

describe('how far it is', () => {
  it.each([
    [84, 'en', '80 m'],
    [946, 'en', '950 m'],
    [1240, 'en', '1.2 km'],
    [23_400, 'de', '23 km'],
    [1240, 'zh-CN', '1.2公里'],
  ])('%i metres in %s', (metres, lang, words) => expect(far(metres, lang).replace(/\u00a0/g, ' ')).toBe(words))
})
