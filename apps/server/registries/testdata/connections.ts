import { newSecret } from '../../access/secrets.ts'
import { openInMemory } from '../../db/open.ts'
import { createEventBus } from '../../events.ts'
import { ensureSubscription } from '../../intake/places.ts'
import { capturedLog } from '../../testdata/captured-log.ts'
import type { ConnectionDeps } from '../deps.ts'
import { createSources } from '../sources.ts'

export interface TestConnections extends ConnectionDeps {
  /** Ids of registries that were changed, and of those that were removed. */
  readonly changed: string[]
  readonly removed: string[]
  /** All that was logged. */
  logged(): string
}

/** What connecting registries works with, on a database in memory with the subscriptions `main` and `other`. */
export function testConnections(): TestConnections {
  const db = openInMemory()
  for (const id of ['main', 'other']) ensureSubscription(db, { id, name: id }, '2024-01-01T00:00:00.000Z')
  const secrets = { session: newSecret(), webhook: newSecret(), credentials: newSecret() }
  const { log, logged } = capturedLog('debug')
  const changed: string[] = []
  const removed: string[] = []
  return {
    db,
    log,
    events: createEventBus(),
    secrets,
    sources: createSources({ db, dataDir: '/nowhere', secrets, given: null }),
    ownOrigins: () => ['http://127.0.0.1:1', 'http://localhost:1'],
    registryChanged: id => void changed.push(id),
    registryRemoved: id => void removed.push(id),
    changed,
    removed,
    logged,
  }
}
