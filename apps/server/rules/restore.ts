import type { NewDisableRule } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { checkRule, insertRule, type RuleDeps, ruleNumber } from './rule.ts'
import { type RuleRow, ruleColumns, ruleFieldsOf } from './rule-row.ts'

/**
 * Brings back rules that were deleted, as they were and by their numbers. All of them or none.
 * @returns when what they match is disabled again.
 * @throws Refusal when one is there, never was, or could not be created today.
 */
export async function restoreRules(
  ids: readonly string[],
  { db, log, rules, viewer, now = () => new Date() }: RuleDeps,
): Promise<{ restored: readonly string[] }> {
  const at = now()
  const names = inTransaction(db, () =>
    [...new Set(ids)].map(id => {
      const { number, origin, rule } = deletedRule(db, id)
      checkRule(db, rule, at)
      insertRule(db, number, rule, { by: viewer.name, at: at.toISOString(), origin })
      return { id, name: rule.name }
    }),
  )
  for (const { id, name } of names) {
    log.info({ audit: 'rule-restored', rule: id, name, by: viewer.name }, 'a disable rule was restored')
  }
  await rules.changed()
  return { restored: names.map(({ id }) => id) }
}

function deletedRule(
  db: Db,
  id: string,
): { number: number; origin: 'portal' | 'policy'; rule: NewDisableRule } {
  const row = prepared(
    db,
    `select ${ruleColumns} from disable_rule dr where dr.number = ? order by dr.id desc limit 1`,
  ).get(ruleNumber(id)) as RuleRow | undefined
  if (row === undefined) throw new Refusal('not-found', `There is no disable rule ${id}.`)
  if (row.end !== 'deleted') throw new Refusal('conflict', `The disable rule ${row.name} is there already.`)
  return { number: row.number, origin: row.origin, rule: ruleFieldsOf(row) }
}
