import type { components } from './openapi'

/** On which sites the portal is shown as a widget. */
export type Widget = components['schemas']['WidgetView']

export interface WidgetRoutes {
  'GET /v1/shop/widget': { answer: Widget }
  'PUT /v1/shop/widget': { body: { origins: string[] }; answer: Widget }
}
