/** Countries of which we know at least a name; the server says which law it has. */
const countries =
  'AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR KZ LT LU LV MO MT MX MY NG NL NO NZ PE PH PL PT RO RU SA SE SG SI SK TH TR TW UA US VN ZA'.split(
    ' ',
  )

/** Parts of a country with a law of their own. */
export const parts: Record<string, string[]> = { US: ['US-CA', 'US-NY'], CA: ['CA-QC'] }

/** All countries by name, in the order of the reader's language. */
export function countriesIn(lang: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(lang, { type: 'region' })
  return countries
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .toSorted((a, b) => a.label.localeCompare(b.label, lang))
}

/** Where the reader probably lives, by the settings of the browser. */
export function guess(languages: readonly string[]): string {
  for (const tag of languages) {
    try {
      const { region } = new Intl.Locale(tag).maximize()
      if (region && countries.includes(region)) return region
    } catch {
      // Not a language tag: the next one may be.
    }
  }
  return ''
}
