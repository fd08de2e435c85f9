import type { Scope } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { registryIdsWithin } from '../scopes/within.ts'

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

interface Group {
  readonly state: 'queued' | 'running'
  readonly lane: number
  readonly registryId: string
  readonly registryName: string
  readonly scans: number
}

/** Of registries that have scans waiting or running, the one with the most first. */
export function queueState(db: Db, concurrency: number, scope?: Scope): QueueState {
  const registries = registryIdsWithin(db, scope)
  // In the order of the index `scan_turn`, so that 100,000 that wait are counted in one pass.
  const groups = prepared(
    db,
    `select c.state, c.lane, rg.id registryId, rg.name registryName, c.scans
     from (select state, lane, registry_id, count(*) scans from scan indexed by scan_turn
       where state in ('queued', 'running') group by state, lane, registry_id) c
       join registry rg on rg.id = c.registry_id and rg.removed_at is null
     where @registries is null or rg.id in (select value from json_each(@registries))`,
  ).all({ registries }) as Group[]
  const sum = (of: readonly Group[], which: (group: Group) => boolean): number =>
    of.filter(which).reduce((total, { scans }) => total + scans, 0)
  const isQueued = ({ state }: Group): boolean => state === 'queued'
  const isRunning = ({ state }: Group): boolean => state === 'running'
  const byRegistry = [...Map.groupBy(groups, ({ registryId }) => registryId)].map(([registryId, of]) => ({
    registryId,
    registryName: of[0]?.registryName ?? '',
    queued: sum(of, isQueued),
    running: sum(of, isRunning),
  }))
  return {
    queued: {
      people: sum(groups, group => isQueued(group) && group.lane === 0),
      background: sum(groups, group => isQueued(group) && group.lane > 0),
    },
    running: sum(groups, isRunning),
    concurrency,
    // Ids follow the order of asking.
    oldestQueuedAt:
      (prepared(
        db,
        `select queued_at from scan where id = (select min(id) from scan
           where state = 'queued' and (@registries is null or registry_id in (select value from json_each(@registries))))`,
      )
        .pluck()
        .get({ registries }) as string | undefined) ?? null,
    byRegistry: byRegistry.toSorted((one, other) => other.queued + other.running - one.queued - one.running),
  }
}
