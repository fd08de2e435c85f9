import type { EventIdentity, RegistryKind, WebhookSetup } from '@plimsoll/types'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'
import { webhookKinds } from './index.ts'
import type { WebhookKind } from './kind.ts'

/**
 * How a registry is made to tell of what happens in it.
 * @param origin where it reaches this server.
 * @param secret what it proves itself with.
 */
export function webhookSetup(db: Db, origin: string, registryId: string, secret: string): WebhookSetup {
  const row = prepared(db, 'select kind, url, event_identity identity from registry where id = ?').get(
    registryId,
  ) as { kind: RegistryKind; url: string | null; identity: string | null } | undefined
  if (row === undefined || row.kind === 'demonstration')
    throw new Error(`no registry ${registryId} tells of anything`)
  const kind: WebhookKind = webhookKinds[row.kind]
  const serviceAccount = serviceAccountOf(row.identity)
  const place = {
    url: webhookUrl(origin, kind.name, registryId),
    secret,
    host: hostOf(row.url),
    serviceAccount,
  }
  return { ...kind.setup(place), hasSecret: kind.proof !== 'google-token' || serviceAccount === null }
}

export const webhookUrl = (origin: string, name: string, registryId: string): string =>
  `${origin}/webhooks/${name}/${registryId}`

export const hostOf = (url: string | null): string | null =>
  url !== null && URL.canParse(url) ? new URL(url).host : null

export const serviceAccountOf = (identity: string | null): string | null =>
  (JSON.parse(identity ?? '{}') as EventIdentity).serviceAccount ?? null
