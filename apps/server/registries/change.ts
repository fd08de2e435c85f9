import type { RegistryChange } from '@plimsoll/types'
import { inTransaction, prepared } from '../db/statements.ts'
import { noteCause } from '../posture/score-causes.ts'
import { notePlacesChanged } from '../rules/keeper.ts'
import { requireSubscription } from '../scopes/subscriptions.ts'
import { proxyUrl } from './address.ts'
import type { ConnectionDeps, Doer } from './deps.ts'
import { checkCredentials, checkedAuthority } from './given.ts'
import { refuseOtherWay } from './other-way.ts'
import { requireConnection, type StoredConnection, sealCredentials } from './stored.ts'
import { refuseTakenName } from './taken-name.ts'

/**
 * Changes what is given and leaves the rest, credentials too. In another subscription other disable rules hold, and
 * another plan.
 * @throws Refusal
 */
export function changeRegistry(change: RegistryChange, deps: ConnectionDeps, by: Doer): void {
  const { db, log } = deps
  const { registryId } = change
  const stored = requireConnection(db, registryId)
  // Forms send the name that it has, too.
  if (change.name !== undefined && change.name !== stored.name) refuseTakenName(db, change.name, registryId)
  const columns = columnsOf(change, stored, deps)
  const moved = inTransaction(db, () => {
    for (const [column, value] of columns) {
      prepared(db, `update registry set ${column} = ? where id = ?`).run(value, registryId)
    }
    return change.subscriptionId === undefined ? null : move(change.subscriptionId, registryId, deps, by)
  })
  deps.sources.forget(registryId)
  const changed = [...columns.map(([column]) => column), ...(moved === null ? [] : ['subscription_id'])]
  log.info(
    { audit: 'registry-changed', registryId, changed, ...moved, by: by.name },
    'a registry was changed',
  )
  deps.registryChanged(registryId)
  const names = moved === null ? [] : (['images', 'findings'] as const)
  for (const what of ['registries', 'scopes', ...names] as const)
    deps.events.publish({ type: 'changed', what })
}

type Column =
  | 'name'
  | 'resource_group'
  | 'credential_kind'
  | 'credentials'
  | 'certificate_authority'
  | 'proxy'
  | 'repositories'
  | 'event_identity'

function columnsOf(
  change: RegistryChange,
  stored: StoredConnection,
  { secrets, ownOrigins }: ConnectionDeps,
): [Column, string | null][] {
  const { credentials, repositories } = change
  const certificateAuthority =
    change.certificateAuthority === undefined ? undefined : checkedAuthority(change.certificateAuthority)
  const proxy = change.proxy === undefined ? undefined : proxyUrl(change.proxy, ownOrigins())
  refuseOtherWay({ credentials, certificateAuthority, proxy }, stored)
  const columns: [Column, string | null][] = []
  if (change.name !== undefined) columns.push(['name', change.name])
  if (change.resourceGroup !== undefined) columns.push(['resource_group', change.resourceGroup || null])
  if (credentials !== undefined) {
    checkCredentials(credentials, new URL(stored.url).host)
    columns.push(['credential_kind', credentials.kind])
    columns.push(['credentials', sealCredentials(secrets, stored.id, credentials)])
  }
  if (certificateAuthority !== undefined) columns.push(['certificate_authority', certificateAuthority])
  if (proxy !== undefined) columns.push(['proxy', proxy])
  if (repositories !== undefined) {
    columns.push(['repositories', repositories.length === 0 ? null : JSON.stringify(repositories)])
  }
  if (change.eventIdentity !== undefined) {
    columns.push(['event_identity', JSON.stringify(change.eventIdentity)])
  }
  return columns
}

/** @returns from where to where, for the record; null when it is there already. */
function move(
  subscriptionId: string,
  registryId: string,
  { db }: ConnectionDeps,
  by: Doer,
): { from: string; to: string } | null {
  const { name, from } = prepared(db, 'select name, subscription_id "from" from registry where id = ?').get(
    registryId,
  ) as { name: string; from: string }
  if (from === subscriptionId) return null
  requireSubscription(db, subscriptionId)
  prepared(db, 'update registry set subscription_id = ? where id = ?').run(subscriptionId, registryId)
  notePlacesChanged(db)
  const at = new Date().toISOString()
  noteCause(db, { at, kind: 'registry-moved', id: registryId, name, by: by.name }, from)
  return { from, to: subscriptionId }
}
