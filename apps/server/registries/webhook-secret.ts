import { newSecret, type Secrets, webhookSecret } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { ConnectionDeps, Doer } from './deps.ts'
import { requireConnection } from './stored.ts'

/** The secret that a registry proves itself with now. @throws Error when there is no such registry. */
export function webhookSecretOf(db: Db, secrets: Secrets, registryId: string): string {
  const row = prepared(db, 'select webhook_nonce nonce from registry where id = ?').get(registryId)
  if (row === undefined) throw new Error(`there is no registry ${registryId}`)
  return webhookSecret(secrets, registryId, (row as { nonce: string | null }).nonce)
}

/**
 * Gives a registry a new webhook secret. The one before proves nothing from then on, so the registry has to be told.
 * @throws Refusal when there is no such registry.
 */
export function rotateWebhookSecret(
  registryId: string,
  { db, log, events }: Pick<ConnectionDeps, 'db' | 'log' | 'events'>,
  by: Doer,
): void {
  requireConnection(db, registryId)
  prepared(db, 'update registry set webhook_nonce = ? where id = ?').run(newSecret(), registryId)
  log.info(
    { audit: 'webhook-secret-rotated', registryId, by: by.name },
    'a registry was given a new webhook secret',
  )
  events.publish({ type: 'changed', what: 'registries' })
}
