import type { ConnectionCode, ConnectionTest, ScanErrorCode } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'

/** The errors of a scan that are the registry's, not the image's. */
const ofConnection: Partial<Record<ScanErrorCode, ConnectionCode>> = {
  'registry-unreachable': 'connection-refused',
  'registry-timeout': 'timeout',
  'registry-rate-limited': 'rate-limited',
  unauthorized: 'credentials-refused',
}

interface Failure {
  readonly code: ScanErrorCode
  readonly message: string
  readonly hint: string | null
}

/** Keeps with a repository's registry what a scan found reaching it came to: `null` is that it worked. */
export function noteConnection(
  db: Db,
  repositoryId: number,
  failure: Failure | null,
  events: EventBus,
): void {
  const registryId = prepared(db, 'select registry_id from repository where id = ?')
    .pluck()
    .get(repositoryId) as string | undefined
  if (registryId === undefined) return
  const changed = failure === null ? noteWorking(db, registryId) : noteFailure(db, registryId, failure)
  if (changed) events.publish({ type: 'changed', what: 'registries' })
}

/** That it gives no catalogue stays: an image of it can be read all the same. */
function noteWorking(db: Db, registryId: string): boolean {
  const { changes } = prepared(
    db,
    `update registry set connection_error = null, connection_code = null, connected_at = ?
     where id = ? and (connected_at is null or connection_error is not null)
       and connection_code is not 'no-catalogue'`,
  ).run(new Date().toISOString(), registryId)
  return changes > 0
}

function noteFailure(db: Db, registryId: string, { code, message, hint }: Failure): boolean {
  const kind = ofConnection[code]
  if (kind === undefined) return false
  return setTrouble(db, registryId, kind, [message, hint].filter(Boolean).join(' '))
}

/** Keeps what testing a stored registry came to. @returns whether that is news. */
export function noteTest(db: Db, registryId: string, { ok, problem }: ConnectionTest, at: string): boolean {
  if (ok) prepared(db, 'update registry set connected_at = ? where id = ?').run(at, registryId)
  const text = problem === null ? null : [problem.message, problem.hint].filter(Boolean).join(' ')
  return setTrouble(db, registryId, problem?.code ?? null, text)
}

function setTrouble(db: Db, registryId: string, code: ConnectionCode | null, text: string | null): boolean {
  const { changes } = prepared(
    db,
    `update registry set connection_error = @text, connection_code = @code
     where id = @registryId and (connection_error is not @text or connection_code is not @code)`,
  ).run({ registryId, code, text })
  return changes > 0
}
