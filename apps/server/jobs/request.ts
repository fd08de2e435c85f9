import type { ScanSummary } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import { ensureRepository } from '../intake/places.ts'
import { type OccurrenceName, occurrenceNamed } from '../posture/images.ts'
import { Refusal } from '../refusal.ts'
import { scanSummary } from './list.ts'
import { enqueue } from './queue.ts'

export interface RequestDeps {
  readonly db: Db
  readonly events: EventBus
  /** Tells the runner. */
  readonly wakeRunner: () => void
}

/**
 * Asks for an image to be read again now.
 * @throws Refusal when there is no such image, or it was deleted.
 */
export function requestScan(name: OccurrenceName, { db, events, wakeRunner }: RequestDeps): ScanSummary {
  const { deletedAt } = occurrenceNamed(db, name)
  if (deletedAt !== null) throw new Refusal('conflict', 'The image was deleted from its registry.')
  const repositoryId = ensureRepository(db, name.registryId, name.repository)
  const { id } = enqueue(
    db,
    { repositoryId, digest: name.digest, trigger: 'request' },
    new Date().toISOString(),
  )
  const scan = scanSummary(db, id)
  if (scan === null) throw new Error('a scan that was just asked for is not there')
  events.publish({ type: 'scan', scan })
  wakeRunner()
  return scan
}
