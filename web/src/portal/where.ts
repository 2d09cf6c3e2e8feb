/** Where somebody is, in degrees. */
export interface Place {
  latitude: number
  longitude: number
}

const patience = 10_000
// About a hundred metres: enough to find a counter, and nobody's door.
const rough = (degrees: number) => Math.round(degrees * 1000) / 1000

/** Asks the device where it is; undefined where it may not tell, or does not know. */
export function whereAmI(): Promise<Place | undefined> {
  if (!('geolocation' in navigator)) return Promise.resolve(undefined)
  return new Promise((found) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found({ latitude: rough(coords.latitude), longitude: rough(coords.longitude) }),
      () => found(undefined),
      { timeout: patience, maximumAge: 300_000 },
    ),
  )
}

/** A distance as the reader's language writes it. */
export function far(metres: number, lang: string): string {
  const short = metres < 950
  return new Intl.NumberFormat(lang, {
    style: 'unit',
    unit: short ? 'meter' : 'kilometer',
    maximumFractionDigits: !short && metres < 9950 ? 1 : 0,
  }).format(short ? Math.round(metres / 10) * 10 : metres / 1000)
}
