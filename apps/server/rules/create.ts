import type { DisableRule, NewDisableRule } from '@plimsoll/types'
import type { RuleDeps } from './rule.ts'

export function createRule(_input: NewDisableRule, _deps: RuleDeps): DisableRule {
  throw new Error('not written yet')
}
