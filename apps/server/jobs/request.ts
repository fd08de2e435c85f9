import { setImmediate } from 'node:timers/promises'
import type { ScanSummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { isPlanOn } from '../plans/plan.ts'
import { type OccurrenceName, occurrenceNamed } from '../posture/images.ts'
import { Refusal } from '../refusal.ts'
import { scanSummary } from './list.ts'
import { enqueue } from './queue.ts'

export interface RequestDeps {
  readonly db: Db
  readonly events: EventBus
  readonly viewer: { readonly name: string }
  /** Tells the runner. */
  readonly wakeRunner: () => void
}

/**
 * Asks for an image to be read again now. One that was deleted too: whether it is there is for the registry to say, and
 * then it comes back.
 * @throws Refusal when there is no such image, or its plan is off.
 */
export function requestScan(
  name: OccurrenceName,
  { db, events, viewer, wakeRunner }: RequestDeps,
): ScanSummary {
  const { repositoryId } = occurrenceNamed(db, name)
  refuseWithoutPlan(db, name.registryId)
  const asked = { repositoryId, digest: name.digest, trigger: 'request' as const, requestedBy: viewer.name }
  const { id } = enqueue(db, asked, new Date().toISOString())
  const scan = scanSummary(db, id)
  if (scan === null) throw new Error('a scan that was just asked for is not there')
  events.publish({ type: 'scan', scan })
  wakeRunner()
  return scan
}

/** A write transaction of this many scans stays well under 50 ms. */
export const chunkSize = 200

/**
 * Asks for every current image of a registry, or of one of its repositories, to be read again. Nobody waits for each of
 * them, so pushes and single requests overtake them.
 * @returns how many images; those that wait or run already count too.
 * @throws Refusal when there is no such place, or its plan is off.
 */
export async function requestScans(
  { registryId, repository = null }: { registryId: string; repository?: string | null },
  { db, events, viewer, wakeRunner }: RequestDeps,
): Promise<number> {
  const known = prepared(
    db,
    `select 1 from registry rg where rg.id = @registryId and rg.removed_at is null and (@repository is null
       or exists (select 1 from repository rp where rp.registry_id = rg.id and rp.name = @repository))`,
  ).get({ registryId, repository })
  if (known === undefined) {
    throw new Refusal(
      'not-found',
      repository === null ? 'There is no such registry.' : `There is no repository ${repository}.`,
    )
  }
  refuseWithoutPlan(db, registryId)
  const repositories = prepared(
    db,
    `select id from repository where registry_id = @registryId and (@repository is null or name = @repository)`,
  )
    .pluck()
    .all({ registryId, repository }) as number[]
  let asked = 0
  for (const repositoryId of repositories) {
    for (let after = ''; ; ) {
      const chunk = imagesAfter(db, repositoryId, after)
      const current = chunk.filter(image => image.current === 1)
      const at = new Date().toISOString()
      inTransaction(db, () => {
        for (const { digest } of current)
          enqueue(db, { repositoryId, digest, trigger: 'request', lane: 1, requestedBy: viewer.name }, at)
      })
      asked += current.length
      after = chunk.at(-1)?.digest ?? after
      await setImmediate()
      if (chunk.length < chunkSize) break
    }
  }
  if (asked > 0) events.publish({ type: 'changed', what: 'images' })
  wakeRunner()
  return asked
}

/** Some images of a repository, from one index and from where the last ones ended. Those that are gone count as well. */
const imagesAfter = (db: Db, repositoryId: number, after: string): { digest: string; current: 0 | 1 }[] =>
  prepared(
    db,
    `select digest, deleted_at is null and superseded_at is null as current
     from occurrence indexed by occurrence_digest where repository_id = ? and digest > ? order by digest limit ${chunkSize}`,
  ).all(repositoryId, after) as { digest: string; current: 0 | 1 }[]

function refuseWithoutPlan(db: Db, registryId: string): void {
  if (isPlanOn(db, registryId)) return
  throw new Refusal(
    'conflict',
    'The plan of this registry’s subscription is off, so nothing of it is scanned.',
    {
      hint: 'Turn the plan on first.',
    },
  )
}
