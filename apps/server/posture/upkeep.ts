import { pulledWithinDays } from '@plimsoll/types'
import { sql } from 'drizzle-orm'

/**
 * In whose subscription pulled and running images are rescanned, as `effectiveTriggers` of packages/types has it: clouds
 * other than the commercial one scan on push alone. The aliases are occurrence o and its subscription sub.
 */
const rescans = `sub.plan = 'on' and sub.cloud = 'commercial'`

/** SQL: there are images that a subscription's plan has rescanned. */
export const anyRescanned = sql.raw(`${rescans} and (sub.trigger_pull or sub.trigger_running)`)

/**
 * SQL: the image is in use, so that its plan has it rescanned.
 * @param since SQL of the time after which a pull counts, ISO 8601.
 */
export const isRescanned = (since: string): string =>
  `(${rescans} and ((sub.trigger_pull and o.last_pulled_at >= ${since})
    or (sub.trigger_running and exists (select 1 from running_image ri where ri.occurrence_id = o.id))))`

/** SQL of the time that `pulledWithinDays` look back to. @param now SQL of a time that SQLite reads. */
export const pulledSince = (now: string): string =>
  `strftime('%Y-%m-%dT%H:%M:%fZ', ${now}, '-${pulledWithinDays} days')`

/**
 * Whether an image's result is kept up to date (`upkeep` of packages/types): while its plan has it rescanned, and as long
 * after its push as a pull would count, for its result is no older than that.
 */
export const upkeepOfImage = sql.raw(`case
  when sub.plan = 'off' then 'plan-off'
  when o.pushed_at >= ${pulledSince(`'now'`)} or ${isRescanned(pulledSince(`'now'`))} then 'current'
  else 'aged' end`)
