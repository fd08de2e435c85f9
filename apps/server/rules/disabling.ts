import type { DisablingRules, FindingChoice } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { chosenFindings } from '../findings/choice.ts'
import { effectOf } from './effect.ts'
import { type RuleRow, ruleColumns, ruleFieldsOf } from './rule-row.ts'

/** As many rules as anybody goes through. */
const mostRules = 50

/**
 * The rules that disable some findings now, with how many of them each does, the one with the most first: a finding is
 * open again when none of its rules is left.
 */
export function disablingRules(db: Db, choice: FindingChoice): DisablingRules {
  const { from, where } = chosenFindings(db, choice)
  const rows = db.all<RuleRow & { readonly findings: number }>(sql`
    with chosen as materialized (select f.id, f.match_id, f.occurrence_id ${from} where ${where})
    select ${sql.raw(ruleColumns)}, count(*) as findings
    from chosen c join occurrence o on o.id = c.occurrence_id
      join rule_set_rule sr on sr.set_id = o.rule_set_id
      join disable_rule_match dm on dm.rule_id = sr.rule_id and dm.match_id = c.match_id
      join disable_rule dr on dr.id = sr.rule_id
    group by dr.number order by count(*) desc, dr.number limit ${mostRules}`)
  const { findings } = db.get<{ findings: number }>(sql`select count(*) as findings ${from} where ${where}`)
  return {
    findings,
    rules: rows.map(row => ({
      id: String(row.number),
      name: row.name,
      scope: ruleFieldsOf(row).scope,
      scopeName: row.scopeName ?? row.scopeId,
      expiresAt: row.expiresAt,
      disables: effectOf(db, row.number).disables,
      findings: row.findings,
    })),
  }
}
