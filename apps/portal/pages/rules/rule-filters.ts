import type { RuleStatus } from '@plimsoll/types'
import { statusText } from '../../lib/rule-words.ts'
import { type Place, readPlace } from '../../rule/place.ts'

export const statuses = Object.keys(statusText) as RuleStatus[]

export interface RuleFilter {
  readonly status: RuleStatus | undefined
  /** Only rules of exactly this node. */
  readonly at: Place | null
  /** What could not be understood, as `status=asleep`. */
  readonly ignored: readonly string[]
}

/** Which rules the address asks for. */
export function readRuleFilter(params: URLSearchParams): RuleFilter {
  const [status, at] = [params.get('status'), params.get('at')]
  const known = statuses.find(each => each === status)
  const place = readPlace(at)
  const ignored = [
    status && known === undefined && `status=${status}`,
    at && place === null && `at=${at}`,
  ].filter(each => typeof each === 'string' && each !== '')
  return { status: known, at: place, ignored: ignored as string[] }
}
