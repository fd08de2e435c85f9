import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { inConnected } from '../posture/removed.ts'

/**
 * What each rule disables, kept for each image: counted when it is asked for, a rule for half of a million findings would
 * take longer than anybody waits for a list.
 */

/** Writes down anew what rules disable in these occurrences. Within the transaction that writes their posture. */
export function refreshEffects(db: Db, occurrenceIds: readonly number[]): void {
  // Whoever has no rules does not pay for them.
  if (prepared(db, 'select 1 from rule_set_rule limit 1').get() === undefined) return
  const those = JSON.stringify(occurrenceIds)
  prepared(db, 'delete from rule_effect where occurrence_id in (select value from json_each(?))').run(those)
  prepared(db, writing).run(those)
}

// From the findings to the rules: an image may have many more rules than any of its findings has.
const writing = `insert into rule_effect (occurrence_id, rule_id, disables, newest_at)
  select o.id, dm.rule_id, count(*), max(f.first_seen_at)
  from json_each(?) j cross join occurrence o on o.id = j.value and o.rule_set_id is not null
    cross join finding f indexed by finding_counts
      on f.occurrence_id = o.id and f.state in ('open', 'undetermined') and f.class = 'security'
    cross join disable_rule_match dm on dm.match_id = f.match_id
    cross join rule_set_rule sr on sr.set_id = o.rule_set_id and sr.rule_id = dm.rule_id
  group by o.id, dm.rule_id`

/** What every rule disables that disables anything, by its number. What is in registries that were removed counts nowhere. */
export function effects(db: Db): Map<number, number> {
  // Summed by row first, in the order of the index; a rule has several while a change of it spreads.
  const rows = db.all<{ number: number; disables: number }>(sql`
    with counted as materialized (
      select e.rule_id, sum(e.disables) as disables from rule_effect e where ${inConnected(sql`e.occurrence_id`)} group by e.rule_id)
    select dr.number, sum(c.disables) as disables from counted c cross join disable_rule dr on dr.id = c.rule_id group by dr.number`)
  return new Map(rows.map(({ number, disables }) => [number, disables]))
}

export interface Effect {
  readonly disables: number
  /** When a finding that it disables was last new. */
  readonly lastMatchedAt: string | null
}

/** What one rule disables. */
export const effectOf = (db: Db, number: number): Effect =>
  db.get<Effect>(sql`
    select coalesce(sum(e.disables), 0) as disables, max(e.newest_at) as "lastMatchedAt"
    from disable_rule dr cross join rule_effect e on e.rule_id = dr.id
    where dr.number = ${number} and ${inConnected(sql`e.occurrence_id`)}`)
