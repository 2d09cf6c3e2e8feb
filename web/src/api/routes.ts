import type * as T from './backtest'
import type * as P from './policy'
import type { BrandRoutes } from './brand'
import type { CalendarRoutes } from './calendar'
import type { CustomerRoutes } from './customer'
import type { FileRoutes } from './files'
import type { InsightRoutes } from './insight'
import type { RatingRoutes } from './rating'
import type { RightsRoutes } from './rights'
import type { SealRoutes } from './seal'
import type { AccountRoutes } from './account'
import type { ShopKeyRoutes } from './shopkeys'
import type * as S from './staff'
import type { TalkRoutes } from './talk'
import type { TemplateRoutes } from './template'
import type * as A from './types'
import type { WebhookRoutes } from './webhook'
import type { WidgetRoutes } from './widget'

/** Every call the pages make: what goes in and what comes back. The part in braces is filled from `path`. */
export interface Routes
  extends
    AccountRoutes,
    BrandRoutes,
    CalendarRoutes,
    CustomerRoutes,
    FileRoutes,
    InsightRoutes,
    RatingRoutes,
    RightsRoutes,
    SealRoutes,
    ShopKeyRoutes,
    WebhookRoutes,
    WidgetRoutes,
    TalkRoutes,
    TemplateRoutes {
  'GET /v1/shop': { answer: A.Shop }

  'POST /v1/my/lookup': { body: { order_number: string; contact: string }; answer: A.Challenge }
  'POST /v1/my/session': {
    body: ({ challenge: string; code: string } | { link: string } | { token: string }) & { framed?: boolean }
    answer: A.CustomerSession
  }
  'GET /v1/my/session': { answer: A.CustomerSession }
  'DELETE /v1/my/session': { answer: void }
  'GET /v1/my/orders': { answer: A.Page<A.OrderSummary> }
  'GET /v1/my/orders/{id}': { answer: A.Order }
  'POST /v1/my/quotes': { body: A.QuoteRequest; answer: A.Quote }
  'POST /v1/my/cases': { body: A.CaseRequest; answer: A.Case }
  'GET /v1/my/cases': { answer: A.Page<A.CaseSummary> }
  'GET /v1/my/cases/{id}': { answer: A.Case }
  'POST /v1/my/cases/{id}/actions': {
    body: {
      action: string
      parcel?: string
      carrier?: string
      tracking?: string
      comment?: string
      offer_kind?: A.OfferKind
      amount?: number
      kind?: A.Kind
      items?: A.WantedItem[]
      photos?: string[]
      facts?: Record<string, unknown>
    }
    answer: A.Case
  }
  'GET /v1/my/charges/{id}': { answer: A.Charge }
  'POST /v1/my/charges/{id}/pay': { body: { provider: string; return?: string }; answer: A.Charge }
  'GET /v1/my/wallet': { answer: { items: S.WalletAccount[] } }
  'GET /v1/my/products': { answer: A.Page<A.Article> }
  'GET /v1/my/cases/{id}/parcels': { answer: A.Page<A.ParcelDetail> }
  'GET /v1/my/cases/{id}/points': { answer: A.Page<A.DropPoint> }
  'GET /v1/my/cases/{id}/slots': { answer: A.Page<A.Slot> }
  'POST /v1/my/cases/{id}/parcels/{parcel}/actions': {
    body: {
      action: 'book' | 'cancel_booking'
      method?: A.Method
      carrier?: string
      place?: string
      from?: A.Instant
      to?: A.Instant
      address?: A.PickUpAddress
    }
    answer: A.ParcelDetail
  }

  'POST /v1/session': { body: { email: string; password: string }; answer: S.StaffSession }
  'GET /v1/session': { answer: S.StaffSession }
  'DELETE /v1/session': { answer: void }
  'POST /v1/session/password': { body: { current: string; password: string }; answer: void }
  'GET /v1/sessions': { answer: A.Page<S.SignedInDevice> }
  'DELETE /v1/sessions': { answer: void }
  'DELETE /v1/sessions/{id}': { answer: void }
  'GET /v1/cases': { answer: S.CasePage }
  'POST /v1/cases': { body: A.CaseRequest; answer: S.StaffCase }
  'GET /v1/cases/{id}': { answer: S.StaffCase }
  'POST /v1/cases/{id}/actions': { body: S.CaseActionBody; answer: S.StaffCase }
  'POST /v1/cases/bulk': { body: S.BulkBody; answer: { done: number; failed: number; items: S.BulkOutcome[] } }
  'POST /v1/session/second': { body: { step: string } & S.FactorProof; answer: S.StaffSession }
  'POST /v1/session/second/passkey': { body: { step: string }; answer: S.PasskeyQuestion }
  'POST /v1/session/passkey/options': { answer: S.PasskeyQuestion }
  'POST /v1/session/passkey': {
    body: { ticket: string; response: Record<string, unknown> }
    answer: S.StaffSession
  }
  'POST /v1/session/step-up/passkey': { answer: S.PasskeyQuestion }
  'GET /v1/factors': { answer: S.Factors }
  'POST /v1/factors/totp/options': { answer: S.AppSetup }
  'POST /v1/factors/totp': { body: { ticket: string; code: string; name: string }; answer: S.AddedFactor }
  'POST /v1/factors/passkey/options': { answer: S.PasskeyQuestion }
  'POST /v1/factors/passkey': {
    body: { ticket: string; response: Record<string, unknown>; name: string }
    answer: S.AddedFactor
  }
  'POST /v1/factors/recovery': { answer: { recovery: string[] } }
  'PATCH /v1/factors/{id}': { body: { name: string }; answer: S.Factor }
  'DELETE /v1/factors/{id}': { answer: void }
  'DELETE /v1/staff/{id}/factors': { answer: void }
  'GET /v1/sign-in-rules': { answer: { roles: A.Role[] } }
  'PUT /v1/sign-in-rules': { body: { roles: A.Role[] }; answer: { roles: A.Role[] } }
  'POST /v1/session/step-up': { body: { password: string } | S.FactorProof; answer: { confirmed_until: A.Instant } }
  'POST /v1/quotes': { body: A.QuoteRequest; answer: A.Quote }
  'GET /v1/orders/{id}/options': { answer: S.OrderOptions }
  'GET /v1/parcels': { answer: A.Page<S.ParcelHit> }
  'GET /v1/slots': { answer: A.Page<A.Slot> }
  'GET /v1/pickups': { answer: A.Page<A.PickUp> }
  'GET /v1/interceptions': { answer: A.Page<A.StoppedParcel> }
  'POST /v1/cases/{id}/parcels/{parcel}/actions': {
    body: {
      action: 'book' | 'cancel_booking' | 'missed' | 'intercepted' | 'intercept_refused'
      method?: A.Method
      place?: string
      reason?: string
    }
    answer: A.ParcelDetail
  }
  'GET /v1/orders': { answer: A.Page<S.StaffOrderSummary> }
  'GET /v1/orders/{id}': { answer: S.StaffOrder }
  'GET /v1/payouts': { answer: A.Page<S.StaffPayout> }
  'POST /v1/payouts/{id}/actions': { body: S.PayoutActionBody; answer: S.StaffPayout }
  'GET /v1/chargebacks': { answer: A.Page<S.Chargeback> }
  'POST /v1/chargebacks': { body: S.NewChargeback; answer: S.Chargeback }
  'POST /v1/chargebacks/{id}/actions': {
    body: { action: 'close'; outcome: Exclude<S.Standing, 'open'> }
    answer: S.Chargeback
  }
  'GET /v1/charges': { answer: A.Page<S.StaffCharge> }
  'POST /v1/charges/{id}/actions': { body: S.ChargeActionBody; answer: S.StaffCharge }
  'PUT /v1/products/{sku}': { body: S.ProductDraft; answer: S.Product }
  'GET /v1/audit': { answer: A.Page<S.AuditEntry> }
  'GET /v1/clearing/entries': { answer: A.Page<S.ClearingEntry> }
  'GET /v1/clearing/totals': { answer: { items: S.ClearingTotal[] } }
  'GET /v1/stock/movements': { answer: A.Page<S.Movement> }
  'GET /v1/products': { answer: A.Page<S.Product> }
  'GET /v1/products/{sku}': { answer: S.Product }
  'GET /v1/customers/{id}/wallet': { answer: { items: S.WalletAccount[] } }
  'GET /v1/customers/{id}/wallet/entries': { answer: A.Page<S.WalletEntry> }
  'POST /v1/customers/{id}/wallet/entries': { body: S.WalletChange; answer: S.WalletEntry }
  'GET /v1/jobs': { answer: A.Page<S.Job> }
  'POST /v1/jobs/{id}/actions': { body: { action: 'run' | 'discard' }; answer: void }
  'GET /v1/staff': { answer: A.Page<S.Staff> }
  'POST /v1/staff': { body: S.NewStaff; answer: S.Staff }
  'PATCH /v1/staff/{id}': { body: Partial<S.NewStaff> & { state?: S.Staff['state'] }; answer: S.Staff }
  'GET /v1/views': { answer: { items: S.KeptView[] } }
  'POST /v1/views': { body: S.ViewDraft; answer: S.KeptView }
  'PUT /v1/views/{id}': { body: S.ViewDraft; answer: S.KeptView }
  'DELETE /v1/views/{id}': { answer: void }
  'PUT /v1/views-order': { body: { ids: string[] }; answer: void }
  'POST /v1/cases/{id}/presence': { body: { page: string; doing: S.Doing | 'gone' }; answer: { others: S.Seat[] } }
  'DELETE /v1/cases/{id}/notes/{note}': { answer: S.StaffCase }
  'GET /v1/mentions': { answer: A.Page<S.Mention> & { unread: number; email: boolean } }
  'POST /v1/mentions/read': { body: { ids?: string[] }; answer: void }
  'PUT /v1/mentions/choice': { body: { email: boolean }; answer: void }
  'GET /v1/alerts/choice': { answer: { email: boolean; called: boolean } }
  'PUT /v1/alerts/choice': { body: { email: boolean }; answer: void }
  'GET /v1/search': { answer: S.SearchAnswer }
  'GET /v1/colleagues': { answer: A.Page<S.Colleague> }
  'GET /v1/api-keys': { answer: A.Page<S.ApiKey> }
  'POST /v1/api-keys': { body: S.NewKey; answer: S.ApiKey }
  'DELETE /v1/api-keys/{id}': { answer: void }
  'GET /v1/policies': { answer: A.Page<P.PolicyVersion> }
  'GET /v1/policies/{id}': { answer: P.PolicyVersion }
  'GET /v1/policies/{id}/versions': { answer: A.Page<P.PolicyVersion> }
  'PUT /v1/policies/{id}/draft': { body: P.PolicyDraft; answer: P.PolicyVersion }
  'DELETE /v1/policies/{id}/draft': { answer: void }
  'POST /v1/policies/check': { body: { rules: S.Rules }; answer: P.RuleCheck }
  'POST /v1/policies/{id}/versions/{version}/actions': {
    body: { action: P.PolicyAction; note?: string }
    answer: P.PolicyVersion
  }
  'GET /v1/policies/{id}/diff': { answer: { changes: P.RuleChange[] } }
  'POST /v1/policies/{id}/tests': {
    body: { rules?: S.Rules; version?: number; tests?: P.PolicyTest[] }
    answer: { items: P.TestResult[] }
  }
  'GET /v1/policy-words': { answer: A.Page<P.PolicyWord> }
  'GET /v1/backtests': { answer: A.Page<T.RunSummary> }
  'POST /v1/backtests': { body: T.NewRun; answer: T.Run }
  'GET /v1/backtests/{id}': { answer: T.Run }
  'POST /v1/backtests/{id}/actions': { body: { action: 'cancel' }; answer: T.Run }
  'GET /v1/backtests/{id}/samples': { answer: A.Page<T.RunSample> }
  'POST /v1/policies/what-if': { body: T.Trial & { case: string }; answer: T.WhatIf }
  'GET /v1/policy-presets': { answer: A.Page<S.PolicyPreset> }
  'PUT /v1/policies/{id}': { body: { name: string; rules: S.Rules }; answer: P.PolicyVersion }
  'GET /v1/shop/settings': { answer: S.ShopSettings }
  'PUT /v1/shop/settings': { body: S.ShopSettings; answer: S.ShopSettings }
}
export type Route = keyof Routes
export type Body<R extends Route> = Routes[R] extends { body: infer B } ? B : never
export type Answer<R extends Route> = Routes[R]['answer']
