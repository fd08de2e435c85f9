import { pulledWithinDays } from '@plimsoll/types'
import { sql } from 'drizzle-orm'

/**
 * Whether an image's result is kept up to date (`upkeep` of packages/types): it is while it was pushed, pulled or run
 * within the days that its plan looks back on. The aliases are occurrence o and its subscription sub.
 */
export const upkeepOfImage = sql`case
  when sub.plan = 'off' then 'plan-off'
  when coalesce(o.last_pulled_at, o.pushed_at) >= ${windowStart()} or o.pushed_at >= ${windowStart()} then 'current'
  when exists (select 1 from running_image ri where ri.occurrence_id = o.id) then 'current'
  else 'aged' end`

function windowStart() {
  return sql.raw(`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${pulledWithinDays} days')`)
}
