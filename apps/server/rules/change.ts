import type { ChangedDisableRule } from '@plimsoll/types'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { checkRule, insertRule, type RuleDeps, ruleNumber } from './rule.ts'

/**
 * Saves new values over a rule's old ones, which the original calls to override it. One that expired begins anew.
 * @throws Refusal
 */
export async function changeRule(
  { id, ...rule }: ChangedDisableRule,
  { db, log, rules, viewer, now = () => new Date() }: RuleDeps,
): Promise<{ id: string }> {
  const at = now()
  inTransaction(db, () => {
    checkRule(db, rule, at)
    const newest = prepared(
      db,
      'select number, origin, "end" from disable_rule where number = ? order by id desc limit 1',
    ).get(ruleNumber(id)) as { number: number; origin: 'portal' | 'policy'; end: string | null } | undefined
    if (newest === undefined || newest.end === 'deleted') {
      throw new Refusal('not-found', `There is no disable rule ${id}.`)
    }
    insertRule(db, newest.number, rule, { by: viewer.name, at: at.toISOString(), origin: newest.origin })
  })
  log.info(
    { audit: 'rule-changed', rule: id, name: rule.name, by: viewer.name },
    'a disable rule was changed',
  )
  await rules.changed()
  return { id }
}
