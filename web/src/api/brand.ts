// How a shop looks to its customers: the shapes of the API, version 1.
export interface Palette {
  accent: string
  hover: string
  soft: string
  text: string
}
export interface BrandText {
  title?: string
  intro?: string
}
export const linkKinds = ['website', 'contact', 'terms', 'privacy', 'imprint'] as const
export interface BrandLink {
  kind: (typeof linkKinds)[number]
  url: string
}
export interface BrandPicture {
  url: string
  width: number
  height: number
}
/** What is saved at once; the pictures are saved as they are chosen. */
export interface Look {
  accent: string
  texts: Record<string, BrandText>
  links: BrandLink[]
}
export interface Brand extends Look {
  version: number
  light?: Palette
  dark?: Palette
  logo?: BrandPicture
  icon?: BrandPicture
}
export interface BrandRoutes {
  'GET /v1/shop/brand': { answer: Brand }
  'PUT /v1/shop/brand': { body: Look; answer: Brand }
  'GET /v1/shop/brand/colours': { answer: { light: Palette; dark: Palette } }
  'PUT /v1/shop/brand/{picture}': { body: { content: string }; answer: Brand }
  'DELETE /v1/shop/brand/{picture}': { answer: Brand }
}
