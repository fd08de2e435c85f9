import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** How the queue stands. */
export interface QueueState {
  readonly queued: { readonly people: number; readonly background: number }
  readonly running: number
  readonly concurrency: number
  readonly oldestQueuedAt: string | null
  readonly byRegistry: {
    readonly registryId: string
    readonly registryName: string
    readonly queued: number
    readonly running: number
  }[]
}

/** Of registries that have scans waiting or running, the one with the most first. */
export function queueState(db: Db, concurrency: number): QueueState {
  const lanes = prepared(
    db,
    `select state, lane, count(*) scans from scan where state in ('queued', 'running') group by state, lane`,
  ).all() as { state: 'queued' | 'running'; lane: number; scans: number }[]
  const sum = (which: (row: (typeof lanes)[number]) => boolean): number =>
    lanes.filter(which).reduce((total, { scans }) => total + scans, 0)
  const byRegistry = prepared(
    db,
    `select c.registry_id registryId, rg.name registryName, c.queued, c.running
     from (select registry_id, count(*) filter (where state = 'queued') queued,
         count(*) filter (where state = 'running') running
       from scan where state in ('queued', 'running') group by registry_id) c
       join registry rg on rg.id = c.registry_id and rg.removed_at is null
     order by c.queued + c.running desc, rg.name`,
  ).all() as QueueState['byRegistry']
  return {
    queued: {
      people: sum(({ state, lane }) => state === 'queued' && lane === 0),
      background: sum(({ state, lane }) => state === 'queued' && lane > 0),
    },
    running: sum(({ state }) => state === 'running'),
    concurrency,
    // Ids follow the order of asking.
    oldestQueuedAt:
      (prepared(db, `select queued_at from scan where id = (select min(id) from scan where state = 'queued')`)
        .pluck()
        .get() as string | undefined) ?? null,
    byRegistry,
  }
}
