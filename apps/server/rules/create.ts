import type { DisableRule, NewDisableRule } from '@plimsoll/types'
import { eq } from 'drizzle-orm'
import { disableRule, subscription } from '../db/schema.ts'
import { inTransaction } from '../db/statements.ts'
import { occurrencesOfRule, refreshPosture } from '../posture/refresh.ts'
import { Refusal } from '../refusal.ts'
import { applyRule } from './apply.ts'
import { getRule } from './list.ts'
import type { RuleDeps } from './rule.ts'

/**
 * Creates a disable rule; what it matches is disabled, and every count says so, from the same moment.
 * @throws Refusal when there is no such subscription.
 */
export function createRule(input: NewDisableRule, { db, events, log, viewer }: RuleDeps): DisableRule {
  const rule = inTransaction(db, () => {
    const known = db.select().from(subscription).where(eq(subscription.id, input.subscriptionId)).get()
    if (known === undefined) {
      throw new Refusal('bad-request', `There is no subscription ${input.subscriptionId}.`)
    }
    const { id } = db
      .insert(disableRule)
      .values({ ...input, createdBy: viewer.name, createdAt: new Date().toISOString() })
      .returning({ id: disableRule.id })
      .get()
    applyRule(db, id, input.criteria)
    refreshPosture(db, occurrencesOfRule(db, id, input.subscriptionId))
    return getRule(db, String(id))
  })
  log.info(
    { audit: 'rule-created', rule: rule.id, name: rule.name, by: viewer.name, disables: rule.disables },
    'a disable rule was created',
  )
  events.publish({ type: 'changed', what: 'rules' })
  events.publish({ type: 'changed', what: 'findings' })
  return rule
}
