import type { ConnectableKind, ConnectionTest, NewRegistry } from '@plimsoll/types'
import { newSecret } from '../access/secrets.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { noteCause } from '../posture/score-causes.ts'
import { Refusal } from '../refusal.ts'
import { requireSubscription } from '../scopes/subscriptions.ts'
import { otherOrigin, proxyUrl, registryUrl } from './address.ts'
import { noteTest } from './connection.ts'
import type { ConnectionDeps, Doer } from './deps.ts'
import { checkCredentials, checkedAuthority } from './given.ts'
import { freeId } from './registry-id.ts'
import { sealCredentials } from './stored.ts'
import { refuseTakenName } from './taken-name.ts'
import { testConnection } from './test-connection.ts'

/**
 * Connects a registry. It is tried first, which also tells its kind where nobody said. One that does not work is
 * connected only when that was asked for (`untested`), and stands there with the reason: it may work later.
 * @returns its id.
 * @throws Refusal when the input makes no sense, or the registry is connected already; `unconfirmed` when it does not
 * work.
 */
export async function connectRegistry(
  input: NewRegistry,
  deps: ConnectionDeps,
  by: Doer,
  signal?: AbortSignal,
): Promise<string> {
  const url = registryUrl(input)
  const { host } = new URL(url)
  checkCredentials(input.credentials, host)
  const certificateAuthority = checkedAuthority(input.certificateAuthority)
  const proxy = proxyUrl(input.proxy, deps.ownOrigins())
  refuseTwice(deps, url)
  requireSubscription(deps.db, input.subscriptionId)
  if (input.name) refuseTakenName(deps.db, input.name)
  const tested = await testConnection({ ...input, certificateAuthority, proxy }, deps, signal)
  if (tested.problem?.code === 'address-refused') {
    throw new Refusal('bad-request', tested.problem.message, { hint: tested.problem.hint ?? '' })
  }
  if (!tested.ok && tested.problem !== null && input.untested !== true) {
    throw new Refusal('unconfirmed', tested.problem.message, { hint: tested.problem.hint ?? '' })
  }
  const id = inTransaction(deps.db, () => {
    // Trying it took a while.
    refuseTwice(deps, url)
    requireSubscription(deps.db, input.subscriptionId)
    if (input.name) refuseTakenName(deps.db, input.name)
    return store({ ...input, url, certificateAuthority, proxy, tested }, deps, by)
  })
  const { credentials, subscriptionId } = input
  deps.log.info(
    { audit: 'registry-connected', registryId: id, url, subscriptionId, with: credentials.kind, by: by.name },
    'a registry was connected',
  )
  deps.registryChanged(id)
  for (const what of ['registries', 'scopes'] as const) deps.events.publish({ type: 'changed', what })
  return id
}

function store(
  registry: NewRegistry & { readonly url: string; readonly tested: ConnectionTest },
  { db, secrets }: ConnectionDeps,
  by: Doer,
): string {
  const { url, credentials, repositories, tested } = registry
  const { host } = new URL(url)
  const id = freeId(db, host)
  const at = new Date().toISOString()
  const name = registry.name || host
  const kind: ConnectableKind = registry.kind ?? tested.kind
  prepared(
    db,
    `insert into registry (id, subscription_id, name, kind, url, resource_group, credential_kind, credentials,
       certificate_authority, proxy, repositories, event_identity, webhook_nonce,
       created_at)
     values (@id, @subscriptionId, @name, @kind, @url, @resourceGroup, @credentialKind, @credentials,
       @certificateAuthority, @proxy, @repositories, @eventIdentity, @nonce, @at)`,
  ).run({
    id,
    subscriptionId: registry.subscriptionId,
    name,
    kind,
    url,
    resourceGroup: registry.resourceGroup || null,
    credentialKind: credentials.kind,
    credentials: sealCredentials(secrets, id, credentials),
    certificateAuthority: registry.certificateAuthority,
    proxy: registry.proxy,
    repositories: repositories.length === 0 ? null : JSON.stringify(repositories),
    eventIdentity: JSON.stringify(registry.eventIdentity),
    nonce: newSecret(),
    at,
  })
  noteTest(db, id, tested, at)
  noteCause(db, { at, kind: 'registry-connected', id, name, by: by.name })
  return id
}

/**
 * A registry is in one subscription: its images have one plan, and are charged once. What listens at a port is the same
 * over http and https.
 */
function refuseTwice({ db }: ConnectionDeps, url: string): void {
  const known = prepared(
    db,
    `select rg.name, rg.url, sub.name subscription from registry rg join subscription sub on sub.id = rg.subscription_id
     where rg.url in (?, ?) and rg.removed_at is null`,
  ).get(url, otherOrigin(url)) as { name: string; url: string; subscription: string } | undefined
  if (known === undefined) return
  const as = known.url === url ? '' : `${known.url}, `
  throw new Refusal(
    'conflict',
    `${url} is connected already, as ${as}${known.name} in ${known.subscription}.`,
    {
      hint: 'Change that registry, or remove it first.',
    },
  )
}
