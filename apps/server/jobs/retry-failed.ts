import { setImmediate } from 'node:timers/promises'
import { inTransaction, prepared } from '../db/statements.ts'
import { enqueue } from './queue.ts'
import type { RequestDeps } from './request.ts'

/** A write transaction of this many scans stays well under 50 ms. */
const chunkSize = 200

/**
 * Asks for a scan of every current image whose newest scan failed: of one registry or lane, or at all. Those of plans
 * that are off, and images that were scanned or asked for since, are passed over. Nobody waits for each of them, so
 * pushes and single requests overtake them.
 * @param chosen lane 1 is all background work.
 * @returns how many scans were asked for.
 */
export async function retryFailed(
  chosen: { readonly registryId?: string | undefined; readonly lane?: number | undefined },
  { db, events, viewer, wakeRunner }: RequestDeps,
): Promise<number> {
  const { registryId = null, lane = null } = chosen
  // In one index; what fails again meanwhile is not meant.
  const failed = prepared(
    db,
    `select id from scan indexed by scan_turn where state = 'failed'
       and (@registryId is null or registry_id = @registryId) and (@lane is null or min(lane, 1) = @lane)`,
  )
    .pluck()
    .all({ registryId, lane }) as number[]
  const newest = prepared(
    db,
    `select s.repository_id repositoryId, s.digest
     from json_each(?) j join scan s on s.id = j.value and s.state = 'failed'
       join occurrence o on o.repository_id = s.repository_id and o.digest = s.digest
       join registry rg on rg.id = s.registry_id join subscription sub on sub.id = rg.subscription_id
     where o.deleted_at is null and o.superseded_at is null and rg.removed_at is null and sub.plan = 'on'
       and not exists (
         select 1 from scan n where n.repository_id = s.repository_id and n.digest = s.digest and n.id > s.id)
     order by j.key`,
  )
  let asked = 0
  for (let start = 0; start < failed.length; start += chunkSize) {
    const images = newest.all(JSON.stringify(failed.slice(start, start + chunkSize))) as {
      repositoryId: number
      digest: string
    }[]
    const at = new Date().toISOString()
    inTransaction(db, () => {
      for (const image of images)
        enqueue(db, { ...image, trigger: 'request', lane: 1, requestedBy: viewer.name }, at)
    })
    asked += images.length
    await setImmediate()
  }
  if (asked > 0) events.publish({ type: 'changed', what: 'images' })
  wakeRunner()
  return asked
}
