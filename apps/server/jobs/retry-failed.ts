import { setImmediate } from 'node:timers/promises'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { registryIdsWithin } from '../scopes/within.ts'
import type { ChosenScans } from './cancel.ts'
import { enqueue, shownLane } from './queue.ts'
import { chunkSize, type RequestDeps } from './request.ts'

/**
 * Asks for a scan of every current image whose newest scan failed: of one registry, lane or scope, or at all. Those of
 * plans that are off, and images that were scanned or asked for since, are passed over. Nobody waits for each of them,
 * so pushes and single requests overtake them.
 * @param chosen lane 1 is all background work.
 * @returns how many scans were asked for.
 */
export async function retryFailed(
  chosen: ChosenScans,
  { db, events, viewer, wakeRunner }: RequestDeps,
): Promise<number> {
  const { registryId = null, lane = null, scope } = chosen
  const within = registryIdsWithin(db, scope)
  // What fails again meanwhile is not meant.
  const newest = prepared(db, 'select max(id) from scan').pluck().get() as number | null
  const registries = prepared(
    db,
    `select id from registry where removed_at is null and (@registryId is null or id = @registryId)
       and (@within is null or id in (select value from json_each(@within))) order by id`,
  )
    .pluck()
    .all({ registryId, within }) as string[]
  // Joined crosswise: left to itself, SQLite goes through all scans that failed and looks each up in the list.
  const current = prepared(
    db,
    `select s.repository_id repositoryId, s.digest
     from json_each(?) j cross join scan s on s.id = j.value
       join occurrence o on o.repository_id = s.repository_id and o.digest = s.digest
       join registry rg on rg.id = s.registry_id join subscription sub on sub.id = rg.subscription_id
     where s.state = 'failed' and o.deleted_at is null and o.superseded_at is null and rg.removed_at is null
       and sub.plan = 'on' and not exists (
         select 1 from scan n where n.repository_id = s.repository_id and n.digest = s.digest and n.id > s.id)
     order by j.key`,
  )
  let asked = 0
  for (const ids of failedScans(db, registries, lane, newest ?? 0)) {
    const images = current.all(JSON.stringify(ids)) as { repositoryId: number; digest: string }[]
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

/** Their ids, some at a time: each time from where the last ones ended in the index. */
function* failedScans(
  db: Db,
  registries: readonly string[],
  chosenLane: number | null,
  newest: number,
): Generator<number[]> {
  const some = prepared(
    db,
    `select id from scan indexed by scan_turn
     where state = 'failed' and lane = @lane and registry_id = @registryId and id > @after and id <= @newest
     order by id limit ${chunkSize}`,
  ).pluck()
  for (const lane of [0, 1, 2].filter(one => chosenLane === null || shownLane(one) === chosenLane)) {
    for (const registryId of registries) {
      for (let after: number | undefined = 0; after !== undefined; ) {
        const ids = some.all({ lane, registryId, after, newest }) as number[]
        if (ids.length > 0) yield ids
        after = ids.length === chunkSize ? ids.at(-1) : undefined
      }
    }
  }
}
