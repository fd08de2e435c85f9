import type { RuleCriteria } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { disableRule } from '../db/schema.ts'
import { whereCriteria } from '../findings/where.ts'

/** Works out which of these matches each rule holds for. Within the transaction that stored them. */
export function applyRules(db: Db, matchIds: readonly number[]): void {
  if (matchIds.length === 0) return
  const rules = db.select({ id: disableRule.id, criteria: disableRule.criteria }).from(disableRule).all()
  const those = sql`m.id in (select value from json_each(${JSON.stringify(matchIds)}))`
  for (const rule of rules) {
    db.run(sql`insert into disable_rule_match (rule_id, match_id)
      select ${rule.id}, m.id from match_fact m where ${those} and (${whereCriteria(rule.criteria)})`)
  }
}

/** Works out which of all matches a new rule holds for. Within the transaction that stored it. */
export function applyRule(db: Db, ruleId: number, criteria: RuleCriteria): void {
  db.run(sql`insert into disable_rule_match (rule_id, match_id)
    select ${ruleId}, m.id from match_fact m where ${whereCriteria(criteria)}`)
}
