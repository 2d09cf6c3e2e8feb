import type { components } from './openapi'
import type { Page } from './types'

export type Rating = components['schemas']['RatingMine']
export type StaffRating = components['schemas']['RatingView']
export type RatingFigures = components['schemas']['RatingFigures']

export interface RatingRoutes {
  'POST /v1/my/link': { body: { link: string }; answer: void }
  'GET /v1/my/cases/{id}/rating': { answer: Rating }
  'PUT /v1/my/cases/{id}/rating': { body: { score: number; comment?: string }; answer: Rating }
  'GET /v1/cases/{id}/rating': { answer: StaffRating }
  'POST /v1/cases/{id}/rating/look': { answer: StaffRating }
  'GET /v1/ratings': { answer: Page<StaffRating> & { figures: RatingFigures } }
}
