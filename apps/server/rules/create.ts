import type { NewDisableRule } from '@plimsoll/types'
import { inTransaction, prepared } from '../db/statements.ts'
import { checkRule, insertRule, type RuleDeps } from './rule.ts'

/**
 * Creates a disable rule.
 * @returns its id, when what it matches is disabled and every count says so.
 * @throws Refusal
 */
export async function createRule(
  rule: NewDisableRule,
  { db, log, rules, viewer, now = () => new Date() }: RuleDeps,
  origin: 'portal' | 'policy' = 'portal',
): Promise<{ id: string }> {
  const at = now()
  const number = inTransaction(db, () => {
    checkRule(db, rule, at)
    const free = prepared(db, 'select coalesce(max(number), 0) + 1 from disable_rule').pluck().get() as number
    insertRule(db, free, rule, { by: viewer.name, at: at.toISOString(), origin })
    return free
  })
  const id = String(number)
  log.info(
    { audit: 'rule-created', rule: id, name: rule.name, by: viewer.name },
    'a disable rule was created',
  )
  await rules.changed()
  return { id }
}
