import type { RuleLoss } from '@plimsoll/types'
import type { StoredRule } from './timeline-rules.ts'

/**
 * Why a rule holds no more for an image for which it held.
 * @param now the rules that hold there instead.
 * @param at when that came to be; a rule that ended later had not ended then.
 */
export function lossOf(rule: StoredRule, now: readonly StoredRule[], at: string): RuleLoss {
  if (rule.endedAt !== null && rule.endedAt <= at) {
    // Deleting a rule that had come to its end only takes it off the list.
    if (rule.end === 'expired' || rule.endedAt === rule.expiresAt) return 'expired'
    return rule.end === 'deleted' ? 'deleted' : 'changed'
  }
  return now.some(({ overrides }) => overrides) ? 'overridden' : 'scope'
}
