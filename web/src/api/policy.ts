// Names for the shapes of policies, all of which come from the OpenAPI document.
import type { components } from './openapi'

type Shapes = components['schemas']
/** Words by language. */
export type Says = Record<string, string>
/** Minor units by currency. */
export type Money = Record<string, number>

export type PolicyVersion = Shapes['Policy']
export type PolicyState = PolicyVersion['state']
export type PolicyStep = Shapes['PolicyStep']
export type PolicyDraft = Shapes['PolicyDraftInBody']
export type PolicyAction = Shapes['PolicyActInBody']['action']
export type Rules = Shapes['PolicyRules']
export type RuleReason = Shapes['PolicyReason']
export type RuleCategory = Shapes['PolicyCategory']
export type RuleCondition = Shapes['PolicyCondition']
export type RuleThen = Shapes['PolicyThen']
export type RuleQuestion = Shapes['PolicyQuestion']
export type RuleTier = Shapes['PolicyTier']
export type RulePromise = Shapes['PolicyPromise']
export type RuleOffer = Shapes['PolicyOfferRule']
export type RuleEvidence = Shapes['PolicyEvidenceRule']
export type Evidence = RuleEvidence['ask'][number]
export type Freight = RuleReason['freight']
export type PolicyPreset = Shapes['PolicyPack']
export type Preset = PolicyPreset['name']
export type RuleCheck = Shapes['PolicyChecked']
export type RuleProblem = Shapes['PolicyProblem']
export type Violation = Shapes['PolicyViolation']
export type PolicyWord = Shapes['PolicyWord']
export type RuleChange = Shapes['PolicyChange']
export type Judgement = Shapes['PolicyJudgement']
export type Outcome = Judgement['outcome']
export type PolicyTest = Shapes['PolicyTest']
export type Sample = Shapes['PolicySample']
export type SampleGoods = Shapes['PolicyArticle']
export type TestResult = Shapes['PolicyResult']
export type TestGround = Shapes['PolicyWorded']
export type TestDifference = Shapes['PolicyDifference']

export const policyStates = ['draft', 'reviewed', 'live', 'retired'] as const satisfies PolicyState[]
export const outcomes = ['approve', 'review', 'refuse', 'ask'] as const satisfies Outcome[]
export const evidences = ['photo', 'video', 'document'] as const satisfies Evidence[]
export const phases = ['pre_ship', 'in_transit', 'after_receipt'] as const satisfies Sample['phase'][]
export const claims = ['change_of_mind', 'defect', 'not_delivered', 'fraud'] as const satisfies RuleReason['claim'][]
export const proposals = ['return_refund', 'refund_only', 'partial', 'exchange'] as const satisfies RuleOffer['offer'][]
export const presets = ['own', 'taobao', 'wechat', 'eu'] as const satisfies Preset[]
export const waits = [
  'offer_hours',
  'transit_days',
  'escalate_days',
  'confirm_days',
  'payment_hours',
  'advance_days',
  'late_days',
] as const satisfies (keyof Shapes['PolicyWaits'])[]
export type Wait = (typeof waits)[number]
