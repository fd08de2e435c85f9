import type { RuleSort, RuleStatus } from '@plimsoll/types'
import { readPage } from '../../lib/page-params.ts'
import type { PageSize } from '../../lib/page-size.ts'
import { statusText } from '../../lib/rule-words.ts'
import { type Place, readPlace } from '../../rule/place.ts'

export const statuses = Object.keys(statusText) as RuleStatus[]

const sorts: Readonly<Record<RuleSort, true>> = {
  '-saved': true,
  saved: true,
  name: true,
  '-name': true,
  '-disables': true,
  disables: true,
  expires: true,
  '-expires': true,
}
export const usualSort: RuleSort = '-saved'

export interface RuleFilter {
  readonly status: RuleStatus | undefined
  /** Only rules of exactly this node. */
  readonly at: Place | null
  /** Free text. */
  readonly q: string
  readonly sort: RuleSort
  readonly page: number
  readonly size: PageSize
  /** What could not be understood, as `status=asleep`. */
  readonly ignored: readonly string[]
}

/** Which rules the address asks for. */
export function readRuleFilter(params: URLSearchParams): RuleFilter {
  const given = (name: string): string => params.get(name) ?? ''
  const status = statuses.find(each => each === given('status'))
  const at = readPlace(params.get('at'))
  const sort = Object.hasOwn(sorts, given('sort')) ? (given('sort') as RuleSort) : undefined
  const known = { status, at, sort }
  return {
    status,
    at,
    q: given('q').slice(0, 200),
    sort: sort ?? usualSort,
    ...readPage(params),
    ignored: (['status', 'at', 'sort'] as const)
      .filter(name => given(name) !== '' && (known[name] ?? undefined) === undefined)
      .map(name => `${name}=${given(name)}`),
  }
}
