import type { Scope, ScoreCause } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { causeWithin, ruleWithin } from '../scopes/within.ts'

/**
 * Notes what may change the score and is told nowhere else. Within the transaction that did it.
 * @param movedFrom the subscription that a registry was in before.
 */
export function noteCause(db: Db, cause: ScoreCause, movedFrom: string | null = null): void {
  prepared(
    db,
    `insert into score_cause (at, kind, subject_id, subscription_ids, name, by)
     values (@at, @kind, @id, iif(@kind like 'registry-%',
       json_array((select subscription_id from registry where id = @id), @movedFrom), null), @name, @by)`,
  ).run({ ...cause, movedFrom })
}

/** The id of the rule, while it is there. */
const rule = sql`iif((select newest."end" from disable_rule newest where newest.number = dr.number
  order by newest.id desc limit 1) is 'deleted', null, cast(dr.number as text))`
/** It was there, and not deleted, when it was saved. */
const wasThere = sql`exists (select 1 from disable_rule e where e.number = dr.number and e."end" is not 'deleted'
  and e.id = (select max(b.id) from disable_rule b where b.number = dr.number and b.id < dr.id))`
/** One that was deleted after it had come to its end changed nothing by that. */
const hasExpired = sql`(dr."end" = 'expired' or dr.ended_at = dr.expires_at)`

/**
 * What may have changed the score of a scope since a day, in its order. Disable rules tell of themselves: a row for each time that
 * one was saved, with its end.
 */
export const listCauses = (db: Db, since: string, scope?: Scope): ScoreCause[] =>
  db.all<ScoreCause>(sql`
    select at, kind, id, name, by from (
       select at, kind, case
           when kind like 'plan-%' then (select s.id from subscription s where s.id = c.subject_id)
           else (select rg.id from registry rg where rg.id = c.subject_id and rg.removed_at is null) end id,
         name, by, 0 part, c.id seq
       from score_cause c where at >= ${since} and ${causeWithin(scope)}
       union all
       select saved_at, iif(${wasThere}, 'rule-changed', 'rule-created'), ${rule}, name, saved_by, 1, dr.id
       from disable_rule dr where saved_at >= ${since} and ${ruleWithin(scope)}
       union all
       select ended_at, iif(${hasExpired}, 'rule-expired', 'rule-deleted'), ${rule}, name,
         iif(${hasExpired}, null, ended_by), 2, dr.id
       from disable_rule dr where ended_at >= ${since} and "end" in ('expired', 'deleted')
         and ${ruleWithin(scope)})
     order by at, part, seq`)

export const forgetCauses = (db: Db, before: string): void => {
  prepared(db, 'delete from score_cause where at < ?').run(before)
}
