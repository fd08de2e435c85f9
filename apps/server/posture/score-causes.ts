import type { ScoreCause } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** Notes what may change the score and is told nowhere else. Within the transaction that did it. */
export function noteCause(db: Db, cause: ScoreCause): void {
  prepared(
    db,
    'insert into score_cause (at, kind, subject_id, name, by) values (@at, @kind, @id, @name, @by)',
  ).run(cause)
}

/**
 * What may have changed the score since a day, in its order. Disable rules tell of themselves: a row for each time that
 * one was saved, with its end. One that was deleted after it had come to its end changed nothing by that.
 */
export const listCauses = (db: Db, since: string): ScoreCause[] =>
  prepared(
    db,
    `select at, kind, id, name, by from (
       select at, kind, subject_id id, name, by, 0 part from score_cause where at >= @since
       union all
       select saved_at, iif(exists (select 1 from disable_rule e where e.number = dr.number and e.id < dr.id),
         'rule-changed', 'rule-created'), cast(number as text), name, saved_by, 1
       from disable_rule dr where saved_at >= @since
       union all
       select ended_at, iif("end" = 'expired' or ended_at = expires_at, 'rule-expired', 'rule-deleted'), cast(number as text),
         name, iif("end" = 'expired' or ended_at = expires_at, null, ended_by), 2
       from disable_rule where ended_at >= @since and "end" in ('expired', 'deleted'))
     order by at, part, id`,
  ).all({ since }) as ScoreCause[]

export const forgetCauses = (db: Db, before: string): void => {
  prepared(db, 'delete from score_cause where at < ?').run(before)
}
