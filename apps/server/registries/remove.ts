import { inTransaction, prepared } from '../db/statements.ts'
import { noteCause } from '../posture/score-causes.ts'
import { deleteRulesOf } from '../rules/delete.ts'
import type { ConnectionDeps, Doer } from './deps.ts'
import { requireConnection } from './stored.ts'

/**
 * Takes a registry out: from now on it is shown and scanned nowhere, and its credentials are gone. What is stored of
 * its images goes bit by bit in the background (sweep.ts); what was charged for them stays.
 * @throws Refusal when there is no such registry.
 */
export function removeRegistry(registryId: string, deps: ConnectionDeps, by: Doer): { removed: true } {
  const { db, log, events } = deps
  const { name, url } = requireConnection(db, registryId)
  const at = new Date().toISOString()
  inTransaction(db, () => {
    prepared(
      db,
      'update registry set removed_at = ?, credentials = null, certificate_authority = null where id = ?',
    ).run(at, registryId)
    deleteRulesOf(db, { kind: 'registry', id: registryId }, by.name, at)
    noteCause(db, { at, kind: 'registry-removed', id: registryId, name, by: by.name })
    // Those that run end when they renew their lease or record what they found. Those that wait may be many, and nobody
    // takes them any more: the sweep deletes them first.
    prepared(
      db,
      `update scan indexed by scan_state set state = 'cancelled', finished_at = ?, lease_owner = null, lease_until = null,
         error_code = 'cancelled', error_message = 'The registry was removed.', error_hint = null
       where state = 'running' and repository_id in (select id from repository where registry_id = ?)`,
    ).run(at, registryId)
  })
  deps.sources.forget(registryId)
  log.info({ audit: 'registry-removed', registryId, name, url, by: by.name }, 'a registry was removed')
  deps.registryRemoved(registryId)
  for (const what of ['registries', 'scopes', 'images', 'findings'] as const) {
    events.publish({ type: 'changed', what })
  }
  return { removed: true }
}
