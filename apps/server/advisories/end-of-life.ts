import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/**
 * Asks for the images to be matched again whose release went out of support, or out of its paid channel, since they
 * were last matched: what their coverage says depends on the day.
 * @param today `2024-03-29`
 * @returns how many those are.
 */
export function askAtEndOfLife(db: Db, today: string): number {
  const { changes } = prepared(
    db,
    `insert into rematch (occurrence_id)
     select o.id from occurrence o, json_each(json_array(
       o.coverage ->> '$.release.endOfLifeOn', o.coverage ->> '$.release.extendedUntil.on')) last
     where o.deleted_at is null and o.superseded_at is null and o.coverage_status <> 'not-scanned'
       and last.value < @today and last.value >= substr(coalesce(o.matched_at, o.scanned_at), 1, 10)
     on conflict do nothing`,
  ).run({ today })
  return changes
}
