import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { writeSamples } from '../demo/samples.ts'
import { enqueue } from '../jobs/queue.ts'
import { isPlanOn } from '../plans/plan.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { pointTag } from './tags.ts'

const subscription = { id: 'demo', name: 'Demo' }
const registryId = 'samples'

/** Makes the demonstration's places, so that the portal says from its first answer that this is one. */
export function registerDemonstration(db: Db, at: string): void {
  inTransaction(db, () => {
    ensureSubscription(db, subscription, at)
    ensureRegistry(
      db,
      { id: registryId, subscriptionId: subscription.id, name: 'samples', kind: 'demonstration', url: null },
      at,
    )
  })
}

/** Writes the sample images to the data folder, and asks for scans of those not scanned yet. */
export async function stockDemonstration(db: Db, dataDir: string, at: string): Promise<void> {
  const samples = await writeSamples(dataDir)
  const scans = isPlanOn(db, registryId)
  inTransaction(db, () => {
    for (const { repository, tags, digest, ...sample } of samples) {
      const pushedAt = new Date(sample.pushedAt).toISOString()
      const repositoryId = ensureRepository(db, registryId, repository)
      const { coverageStatus } = ensureOccurrence(db, repositoryId, digest, pushedAt)
      for (const name of tags) pointTag(db, { repositoryId, name, digest, eventAt: pushedAt, at })
      if (scans && coverageStatus === 'not-scanned' && !failedBefore(db, repositoryId, digest)) {
        enqueue(db, { repositoryId, digest, trigger: 'demonstration' }, at)
      }
    }
  })
}

/** A sample that is damaged on purpose fails each time; one look at it is enough. */
const failedBefore = (db: Db, repositoryId: number, digest: string): boolean =>
  prepared(db, `select 1 from scan where repository_id = ? and digest = ? and state = 'failed' limit 1`).get(
    repositoryId,
    digest,
  ) !== undefined
