import type { DisableRule, RuleCriteria } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { Refusal } from '../refusal.ts'

interface RuleRow {
  readonly id: number
  readonly subscriptionId: string
  readonly subscriptionName: string
  readonly name: string
  readonly criteria: string
  readonly justification: string
  readonly createdBy: string
  readonly createdAt: string
  readonly disables: number
}

/** All rules, the newest first, each with what it disables at this moment. */
export const listRules = (db: Db): DisableRule[] => select(db, sql`1`)

/** @throws Refusal when there is no such rule. */
export function getRule(db: Db, id: string): DisableRule {
  const [rule] = select(db, sql`dr.id = ${ruleNumber(id)}`)
  if (rule === undefined) throw new Refusal('not-found', `There is no disable rule ${id}.`)
  return rule
}

export const ruleNumber = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)

function select(db: Db, where: SQL): DisableRule[] {
  const rows = db.all<RuleRow>(sql`
    select dr.id, dr.subscription_id as "subscriptionId", sub.name as "subscriptionName", dr.name, dr.criteria,
      dr.justification, dr.created_by as "createdBy", dr.created_at as "createdAt",
      (select count(*) from disable_rule_match dm
        join finding f on f.match_id = dm.match_id and f.state <> 'closed' and f.class = 'security'
        join occurrence o on o.id = f.occurrence_id
        join repository rp on rp.id = o.repository_id
        join registry rg on rg.id = rp.registry_id and rg.subscription_id = dr.subscription_id
        where dm.rule_id = dr.id) as disables
    from disable_rule dr join subscription sub on sub.id = dr.subscription_id
    where ${where} order by dr.id desc`)
  return rows.map(row => ({ ...row, id: String(row.id), criteria: JSON.parse(row.criteria) as RuleCriteria }))
}
