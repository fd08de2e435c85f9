import { connectionCodeOf, type SourceError } from '@plimsoll/engine'
import type { ConnectionCode } from '@plimsoll/types'
import type { Db } from '../../db/open.ts'
import { inTransaction, prepared } from '../../db/statements.ts'
import type { EventBus } from '../../events.ts'

/** Keeps that a registry was listed to the end. @param refused why it gave no catalogue. */
export function noteListed(
  db: Db,
  registryId: string,
  { since, refused }: { since: string; refused: string | null },
  events: EventBus,
): void {
  const at = new Date().toISOString()
  const hint = refused === null ? null : `${refused} Name the others in the registry's settings.`
  const changed = inTransaction(db, () => {
    prepared(
      db,
      'update registry set discovered_at = @since, reconciled_at = @at, connected_at = @at where id = @registryId',
    ).run({ since, at, registryId })
    return setTrouble(db, registryId, hint, refused === null ? null : 'no-catalogue')
  })
  if (changed) events.publish({ type: 'changed', what: 'registries' })
}

/** Keeps why a registry could not be listed. */
export function noteTrouble(db: Db, registryId: string, error: SourceError, events: EventBus): void {
  const text = [error.message, error.hint].filter(Boolean).join(' ')
  if (setTrouble(db, registryId, text, connectionCodeOf(error))) {
    events.publish({ type: 'changed', what: 'registries' })
  }
}

const setTrouble = (db: Db, registryId: string, text: string | null, code: ConnectionCode | null): boolean =>
  prepared(
    db,
    `update registry set connection_error = @text, connection_code = @code
     where id = @registryId and (connection_error is not @text or connection_code is not @code)`,
  ).run({ registryId, text, code }).changes > 0
