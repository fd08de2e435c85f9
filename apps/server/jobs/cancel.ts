import { setImmediate } from 'node:timers/promises'
import type { ScanSummary, Scope } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { Refusal } from '../refusal.ts'
import { registryIdsWithin } from '../scopes/within.ts'
import { scanSummaries, scanSummary } from './list.ts'

/** In one transaction; each stays far below 50 ms. */
const chunkSize = 500

const cancelled = `state = 'cancelled', finished_at = @at, lease_owner = null, lease_until = null,
  error_code = 'cancelled', error_message = @message, error_hint = null`

/** Calls off the scans of a digest, those that run too. */
export function cancel(db: Db, repositoryId: number, digest: string, message: string, at: string): void {
  prepared(
    db,
    `update scan set ${cancelled}
     where repository_id = @repositoryId and digest = @digest and state in ('queued', 'running')`,
  ).run({ at, message, repositoryId, digest })
}

/** Of a registry, a lane, a scope; all that are given hold. */
export interface ChosenScans {
  readonly registryId?: string | undefined
  /** 0: what somebody waits for, 1: background work. */
  readonly lane?: number | undefined
  readonly scope?: Scope | undefined
}

export interface CancelDeps {
  readonly db: Db
  readonly events: EventBus
  readonly viewer: { readonly name: string }
  /** What runs looks at its lease then, and ends. */
  readonly wakeRunner: () => void
}

/**
 * Calls off one scan that waits or runs. One that runs records nothing any more, and ends at once.
 * @throws Refusal when there is no such scan, or it has ended.
 */
export function cancelScan(id: number, { db, events, viewer, wakeRunner }: CancelDeps): ScanSummary {
  const { changes } = prepared(
    db,
    `update scan set ${cancelled} where id = @id and state in ('queued', 'running')`,
  ).run({ at: new Date().toISOString(), message: cancelledBy(viewer.name), id })
  const scan = scanSummary(db, id)
  if (scan === null) throw new Refusal('not-found', 'There is no such scan.')
  if (changes === 0) throw new Refusal('conflict', 'The scan has ended already.')
  events.publish({ type: 'scan', scan })
  wakeRunner()
  return scan
}

/**
 * Calls off all that waits, of one registry or lane, or at all. What runs goes on.
 * @param chosen lane 1 is all background work.
 * @returns how many.
 */
export async function cancelQueued(
  chosen: ChosenScans,
  { db, events, viewer, wakeRunner }: CancelDeps,
): Promise<number> {
  const some = prepared(
    db,
    `update scan set ${cancelled}
     where id in (select id from scan where state = 'queued' and id <= @newest
       and (@registryId is null or registry_id = @registryId)
       and (@registries is null or registry_id in (select value from json_each(@registries)))
       and (@lane is null or min(lane, 1) = @lane)
       limit ${chunkSize})
     returning id`,
  ).pluck()
  // What is asked for meanwhile is not meant.
  const newest = prepared(db, 'select max(id) from scan').pluck().get() as number | null
  const { registryId = null, lane = null, scope } = chosen
  const registries = registryIdsWithin(db, scope)
  const values = { newest, registryId, registries, lane, message: cancelledBy(viewer.name) }
  for (let count = 0; ; ) {
    const ids = some.all({ ...values, at: new Date().toISOString() }) as number[]
    // Lists refetch as a whole; these are for the pages that show one of them.
    for (const scan of scanSummaries(db, ids.slice(0, 50))) events.publish({ type: 'scan', scan })
    count += ids.length
    if (ids.length < chunkSize) {
      if (count > 0) events.publish({ type: 'changed', what: 'images' })
      wakeRunner()
      return count
    }
    await setImmediate()
  }
}

const cancelledBy = (name: string): string => `Cancelled by ${name}.`
