import type { ScanErrorCode } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'

const ofConnection: ReadonlySet<ScanErrorCode> = new Set([
  'registry-unreachable',
  'registry-timeout',
  'registry-rate-limited',
  'unauthorized',
])

interface Failure {
  readonly code: ScanErrorCode
  readonly message: string
  readonly hint: string | null
}

/** Keeps with a repository's registry what reaching it last came to: `null` is that it worked. */
export function noteConnection(
  db: Db,
  repositoryId: number,
  failure: Failure | null,
  events: EventBus,
): void {
  const registryId = prepared(db, 'select registry_id from repository where id = ?').pluck().get(repositoryId)
  noteRegistry(db, registryId as string, failure, events)
}

/** The same by the registry's id. An error that is an image's, not the registry's, changes nothing. */
export function noteRegistry(db: Db, registryId: string, failure: Failure | null, events: EventBus): void {
  if (failure !== null && !ofConnection.has(failure.code)) return
  const text = failure === null ? null : [failure.message, failure.hint].filter(Boolean).join(' ')
  const { changes } = prepared(
    db,
    'update registry set connection_error = @text where id = @registryId and connection_error is not @text',
  ).run({ text, registryId })
  if (changes > 0) events.publish({ type: 'changed', what: 'registries' })
}
