import { severities, severityRank } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { disabledByRule } from '../findings/where.ts'

/**
 * Writes the counts of these occurrences anew, within the transaction that changed their findings or a rule: lists,
 * tiles, health and score are all sums over these rows, so they cannot disagree.
 */
export function refreshPosture(db: Db, occurrenceIds: readonly number[]): void {
  if (occurrenceIds.length === 0) return
  write(db, sql`o.id in (select value from json_each(${JSON.stringify(occurrenceIds)}))`)
}

const count = (condition: SQL): SQL => sql`coalesce(sum(iif(${condition}, 1, 0)), 0)`

const counted = sql`c.class = 'security' and not c.disabled`
const bySeverity = (condition: SQL): SQL =>
  sql.join(
    severities.map(severity =>
      count(sql`${condition} and c.severity_rank = ${sql.raw(String(severityRank[severity]))}`),
    ),
    sql`, `,
  )

// In the order of the table's columns, which is that of `severities` twice and then the rest.
const columns = sql`
  ${bySeverity(sql`${counted} and c.state = 'open'`)},
  ${bySeverity(sql`${counted} and c.state = 'open' and c.patchable`)},
  ${count(sql`c.class = 'security' and c.disabled`)},
  ${count(sql`${counted} and c.state = 'undetermined'`)},
  ${count(sql`c.class = 'unimportant' and c.state = 'open' and not c.disabled`)},
  ${count(sql`c.class = 'kernel-headers' and c.state = 'open' and not c.disabled`)}`

function write(db: Db, occurrences: SQL): void {
  // Materialized, so that the rules are looked up once for each finding and not once for each column.
  db.run(sql`insert or replace into posture
    with c as materialized (
      select o.id, f.state, f.class, f.severity_rank, f.patchable, ${disabledByRule} as disabled
      from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
        left join finding f on f.occurrence_id = o.id and f.state <> 'closed'
      where ${occurrences}
    )
    select c.id, ${columns} from c group by c.id`)
}

/** Occurrences of the subscription with a finding that is not closed and that the rule holds for. */
export function occurrencesOfRule(db: Db, ruleId: number, subscriptionId: string): number[] {
  const rows = prepared(
    db,
    `select distinct o.id from disable_rule_match dm
       join finding f on f.match_id = dm.match_id and f.state <> 'closed'
       join occurrence o on o.id = f.occurrence_id
       join repository rp on rp.id = o.repository_id
       join registry rg on rg.id = rp.registry_id
     where dm.rule_id = ? and rg.subscription_id = ?`,
  )
  return rows.pluck().all(ruleId, subscriptionId) as number[]
}

/** How many findings are disabled in these occurrences. */
export function disabledIn(db: Db, occurrenceIds: readonly number[]): number {
  const sum = prepared(
    db,
    'select coalesce(sum(disabled), 0) from posture where occurrence_id in (select value from json_each(?))',
  )
  return sum.pluck().get(JSON.stringify(occurrenceIds)) as number
}
