import type { RuleCriteria, RuleMatch } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { type Judgement, whereJudged } from '../findings/where-criteria.ts'

/**
 * For which matches rules hold, whatever the place. A match and a rule meet once: when the newer of the two is stored,
 * and again when what is known of attacks changes.
 */

interface StoredRule extends Judgement {
  readonly id: number
}

/** Works out which of these matches each rule holds for. Within the transaction that stored them. */
export function judgeMatches(db: Db, matchIds: readonly number[]): void {
  if (matchIds.length === 0) return
  for (const rule of liveRules(db)) judge(db, rule, matchIds)
}

/** Works out which of all matches a rule holds for, a few thousand at a time. */
export async function judgeRule(db: Db, ruleId: number, turn: () => Promise<void>): Promise<void> {
  const rule = liveRules(db).find(one => one.id === ruleId)
  if (rule === undefined) return
  const last = prepared(db, 'select coalesce(max(id), 0) from match_fact').pluck().get() as number
  for (let after = 0; after < last; after += chunk) {
    inTransaction(db, () =>
      db.run(sql`insert or ignore into disable_rule_match (rule_id, match_id)
        select ${ruleId}, m.id from match_fact m
        where m.id > ${after} and m.id <= ${after + chunk} and (${whereJudged(rule)})`),
    )
    await turn()
  }
}

const chunk = 4000

/** Whether a rule goes by what is known of attacks. */
export const judgesByThreat = (db: Db): boolean => liveRules(db).some(isByThreat)

/**
 * Judges matches anew of which other things are known of attacks. Within the transaction that stored those.
 * @returns the occurrences whose findings this disables or lets go.
 */
export function judgeAgain(db: Db, matchIds: readonly number[]): number[] {
  const rules = liveRules(db).filter(isByThreat)
  const those = JSON.stringify(matchIds)
  const held = prepared(
    db,
    `select match_id from disable_rule_match where rule_id = ? and match_id in (select value from json_each(?))`,
  ).pluck()
  const changed = new Set<number>()
  for (const rule of rules) {
    const before = new Set(held.all(rule.id, those) as number[])
    prepared(
      db,
      'delete from disable_rule_match where rule_id = ? and match_id in (select value from json_each(?))',
    ).run(rule.id, those)
    judge(db, rule, matchIds)
    const after = new Set(held.all(rule.id, those) as number[])
    for (const id of before.symmetricDifference(after)) changed.add(id)
  }
  return prepared(
    db,
    `select distinct f.occurrence_id from json_each(?) j
       cross join finding f indexed by finding_match on f.match_id = j.value and f.state in ('open', 'undetermined')`,
  )
    .pluck()
    .all(JSON.stringify([...changed])) as number[]
}

function judge(db: Db, rule: StoredRule, matchIds: readonly number[]): void {
  db.run(sql`insert or ignore into disable_rule_match (rule_id, match_id)
    select ${rule.id}, m.id from json_each(${JSON.stringify(matchIds)}) j cross join match_fact m on m.id = j.value
    where ${whereJudged(rule)}`)
}

const isByThreat = ({ criteria }: StoredRule): boolean => criteria.epssBelow !== null || criteria.kev !== null

function liveRules(db: Db): StoredRule[] {
  const rows = prepared(
    db,
    `select id, criteria, criteria_match "match", until_fixed untilFixed from disable_rule where ended_at is null`,
  ).all() as { id: number; criteria: string; match: RuleMatch; untilFixed: number }[]
  return rows.map(({ criteria, untilFixed, ...row }) => ({
    ...row,
    criteria: JSON.parse(criteria) as RuleCriteria,
    untilFixed: untilFixed === 1,
  }))
}
