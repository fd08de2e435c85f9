import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'

/** What creating and deleting rules needs. */
export interface RuleDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly viewer: { readonly name: string }
}
