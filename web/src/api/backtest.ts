// Names for the shapes of back-tests, all of which come from the OpenAPI document.
import type { components } from './openapi'

type Shapes = components['schemas']
export type NewRun = Shapes['BacktestPostInBody']
export type Trial = Pick<NewRun, 'policy' | 'version' | 'rules' | 'against'>
export type Against = NonNullable<NewRun['against']>
export type RunSummary = Shapes['BacktestSummary']
export type RunState = RunSummary['state']
export type Run = Shapes['BacktestView']
export type Count = Shapes['BacktestCount']
export type Cell = Shapes['BacktestCell']
export type MoneyFigures = Shapes['BacktestMoneyView']
export type SumName = keyof Shapes['BacktestSumView']
export type Group = Shapes['BacktestGroupView']
export type Dimension = Group['dimension']
export type Side = Shapes['BacktestSideView']
export type RunSample = Shapes['BacktestSampleView']
export type Direction = RunSample['direction']
export type Source = RunSample['source']
export type WhatIf = Shapes['BacktestWhatIfOutBody']

export const sources = ['cases', 'history'] as const satisfies Source[]
export const sums = ['paid', 'open', 'refused', 'fees', 'freight_seller', 'freight_customer'] as const satisfies SumName[]
export const dimensions = ['kind', 'reason', 'category', 'country', 'seller', 'customer'] as const satisfies Dimension[]
