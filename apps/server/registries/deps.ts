import type { Logger } from 'pino'
import type { Secrets } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import type { Sources } from './sources.ts'

/** What connecting registries works with. */
export interface ConnectionDeps {
  readonly db: Db
  readonly log: Logger
  readonly events: EventBus
  readonly secrets: Secrets
  readonly sources: Sources
  /** Origins of this server itself, which is no registry. */
  readonly ownOrigins: () => readonly string[]
  /** A registry was connected or changed: what it holds is to be gone over. */
  readonly registryChanged: (registryId: string) => void
  /** A registry was removed: what is stored of it can go. */
  readonly registryRemoved: (registryId: string) => void
}

/** Who does it, for the record of what was done. */
export interface Doer {
  readonly name: string
}
