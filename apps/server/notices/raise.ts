import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** Older ones than that many are forgotten. */
const kept = 10_000

/** Open findings of class `security` that an occurrence has by its counts. */
export const openFindingsOf = (db: Db, occurrenceId: number): number =>
  (prepared(
    db,
    `select open_critical + open_high + open_medium + open_low + open_unknown from posture where occurrence_id = ?`,
  )
    .pluck()
    .get(occurrenceId) as number | undefined) ?? 0

/**
 * Raises the recommendation anew for an image that came to have open findings, having had none. With its plan off it
 * does not: such an image is in no recommendation. For the transaction that records the findings.
 */
export function raiseNotice(db: Db, occurrenceId: number, at: string): void {
  const { lastInsertRowid, changes } = prepared(
    db,
    `insert into notice (occurrence_id, at) select o.id, @at
     from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
       join subscription sub on sub.id = rg.subscription_id
     where o.id = @occurrenceId and sub.plan = 'on' and rg.removed_at is null`,
  ).run({ occurrenceId, at })
  if (changes === 1) prepared(db, 'delete from notice where id <= ?').run(Number(lastInsertRowid) - kept)
}
