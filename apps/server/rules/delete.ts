import { eq } from 'drizzle-orm'
import { disableRule } from '../db/schema.ts'
import { inTransaction } from '../db/statements.ts'
import { disabledIn, occurrencesOfRule, refreshPosture } from '../posture/refresh.ts'
import { getRule, ruleNumber } from './list.ts'
import type { RuleDeps } from './rule.ts'

/**
 * Deletes a disable rule. Findings that no other rule disables are open again at once.
 * @returns how many those are.
 * @throws Refusal when there is no such rule.
 */
export function deleteRule(id: string, { db, events, log, viewer }: RuleDeps): { reopens: number } {
  const { rule, reopens } = inTransaction(db, () => {
    const rule = getRule(db, id)
    const affected = occurrencesOfRule(db, ruleNumber(id), rule.subscriptionId)
    const before = disabledIn(db, affected)
    db.delete(disableRule)
      .where(eq(disableRule.id, ruleNumber(id)))
      .run()
    refreshPosture(db, affected)
    return { rule, reopens: before - disabledIn(db, affected) }
  })
  log.info(
    { audit: 'rule-deleted', rule: rule.id, name: rule.name, by: viewer.name, reopens },
    'a disable rule was deleted',
  )
  events.publish({ type: 'changed', what: 'rules' })
  events.publish({ type: 'changed', what: 'findings' })
  return { reopens }
}
