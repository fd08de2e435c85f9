import { sql } from 'drizzle-orm'

/**
 * The repositories of subscriptions whose plan is off, as a query of their ids: what is in them is shown in its place
 * with its last result, and counts in no recommendation, score or overview.
 */
const repositories = sql`select orp.id from subscription osub cross join registry org on org.subscription_id = osub.id
  cross join repository orp on orp.registry_id = org.id where osub.plan = 'off'`

/** Asked once for a statement, and spares looking at each row where every plan is on. */
const allOn = sql`not exists (select 1 from subscription asub where asub.plan = 'off')`

/** The plan of occurrence o is on. */
export const ofPlanOn = sql`(${allOn} or o.repository_id not in (${repositories}))`

/** That of finding f is. */
export const foundUnderPlan = sql`(${allOn} or f.occurrence_id not in (
  select oo.id from occurrence oo where oo.repository_id in (${repositories})))`
