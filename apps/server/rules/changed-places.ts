import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { placeParameters, type RuleChange, rulesInPlace } from './in-place.ts'

/** An occurrence for which other rules would hold after a change than do now. */
export interface ChangedPlace {
  readonly occurrenceId: number
  /** Whether the rule that is added would hold for it. */
  readonly added: boolean
  /** The ids of the stored rules that would hold; of those that hold now and would not; and of those that do not now. */
  readonly kept: readonly number[]
  readonly lost: readonly number[]
  readonly gained: readonly number[]
}

/** Images that count in totals and score; what is disabled in others is nobody's business. */
const counted = `select o.id from occurrence o join repository rp on rp.id = o.repository_id
  join registry rg on rg.id = rp.registry_id join subscription sub on sub.id = rg.subscription_id
  where o.deleted_at is null and o.superseded_at is null and rg.removed_at is null and sub.plan = 'on'`

export function changedPlaces(db: Db, change: RuleChange, now: Date): ChangedPlace[] {
  const rows = prepared(
    db,
    `with after as materialized (
       select occurrence_id, max(rule_id = 0) added, group_concat(nullif(rule_id, 0), ',' order by rule_id) kept
       from (${rulesInPlace(counted)}) where holds group by occurrence_id)
     select o.id, coalesce(a.added, 0) added, coalesce(a.kept, '') kept, coalesce(rs.rules, '') now
     from occurrence o left join after a on a.occurrence_id = o.id left join rule_set rs on rs.id = o.rule_set_id
     where (a.added or coalesce(a.kept, '') <> coalesce(rs.rules, '')) and o.id in (${counted})`,
  ).all(placeParameters(change, now.toISOString())) as {
    id: number
    added: number
    kept: string
    now: string
  }[]
  return rows.map(row => {
    const kept = idsOf(row.kept)
    const now = idsOf(row.now)
    return {
      occurrenceId: row.id,
      added: row.added === 1,
      kept,
      lost: now.filter(id => !kept.includes(id)),
      gained: kept.filter(id => !now.includes(id)),
    }
  })
}

const idsOf = (rules: string): number[] => (rules === '' ? [] : rules.split(',').map(Number))
