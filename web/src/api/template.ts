// The words of e-mails: the shapes of the API about templates, version 1.
import type { Instant } from './types'

export interface TemplateList {
  items: { kind: string; reader: 'customer' | 'staff'; own: string[]; languages: string[]; variables: string[] }[]
}
export interface Words {
  subject: string
  body: string
}
export interface Template extends Words {
  kind: string
  language: string
  own: boolean
  /** 0: never changed. */
  version: number
  standard: Words
  versions: { version: number; own: boolean; by: string; at: Instant }[]
}
export interface TemplateRoutes {
  'GET /v1/templates': { answer: TemplateList }
  'GET /v1/templates/{kind}/{language}': { answer: Template }
  'PUT /v1/templates/{kind}/{language}': { body: Words; answer: Template }
  'POST /v1/templates/{kind}/{language}/actions': {
    body: { action: 'reset' } | { action: 'restore'; version: number }
    answer: Template
  }
  'POST /v1/templates/{kind}/{language}/preview': {
    body: Words & { case: string }
    answer: { subject: string; text: string; html: string }
  }
  'POST /v1/templates/{kind}/{language}/test': { body: Words & { case: string }; answer: { to: string } }
}
