import { setImmediate } from 'node:timers/promises'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { scanSummaries } from '../jobs/list.ts'

const planOffMessage = 'The plan of this subscription is off.'

/** In one transaction; each stays far below 50 ms. */
const chunk = 500

/**
 * Cancels the scans that wait or run where the plan is off. What runs notices when it renews its lease, and records
 * nothing. Also for the start: a server may have been killed between turning a plan off and this.
 * @returns how many.
 */
export async function cancelWherePlanIsOff(db: Db, events: EventBus): Promise<number> {
  // A few steps in one index for each registry: what has ended, which is most, is not looked at.
  const statement = prepared(
    db,
    `update scan set state = 'cancelled', finished_at = ?, lease_owner = null, lease_until = null,
       error_code = 'cancelled', error_message = ?, error_hint = 'Turn the plan on to have its images scanned.'
     where id in (
       select s.id from subscription sub cross join registry rg on rg.subscription_id = sub.id
         cross join scan s indexed by scan_turn on s.state in ('queued', 'running') and s.lane in (0, 1, 2)
           and s.registry_id = rg.id
       where sub.plan = 'off' limit ${chunk})
     returning id`,
  ).pluck()
  for (let cancelled = 0; ; ) {
    const ids = statement.all(new Date().toISOString(), planOffMessage) as number[]
    // Lists refetch as a whole; these are for the pages that show one of them.
    for (const scan of scanSummaries(db, ids.slice(0, 50))) events.publish({ type: 'scan', scan })
    cancelled += ids.length
    if (ids.length < chunk) return cancelled
    await setImmediate()
  }
}
