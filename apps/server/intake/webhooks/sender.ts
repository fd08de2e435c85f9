import type { IncomingHttpHeaders } from 'node:http'
import { type Secrets, webhookSecret } from '../../access/secrets.ts'
import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'
import type { WebhookKind } from './kind.ts'
import { hasSecret } from './proof.ts'
import { hostOf, serviceAccountOf } from './setup.ts'

/** The registry that a request says it comes from. */
export interface Sender {
  readonly id: string
  readonly host: string | null
  readonly serviceAccount: string | null
  /** What it proves itself with. */
  readonly secret: string
}

/**
 * The registry that the address names; where it may name none, the one whose secret the request has. Every secret is
 * compared, whichever fits.
 */
export function findSender(
  db: Db,
  kind: WebhookKind,
  named: string | readonly string[] | undefined,
  headers: IncomingHttpHeaders,
  secrets: Secrets,
): Sender | null {
  if (typeof named === 'string') return senderById(db, named, secrets)
  if (kind.findsRegistry !== true) return null
  const all = prepared(
    db,
    `select id, webhook_nonce nonce from registry where kind = ? and removed_at is null`,
  ).all(kind.name) as { id: string; nonce: string | null }[]
  const fits = all.map(({ id, nonce }) => hasSecret(headers, webhookSecret(secrets, id, nonce)))
  const fitting = all[fits.indexOf(true)]
  return fitting === undefined ? null : senderById(db, fitting.id, secrets)
}

function senderById(db: Db, id: string, secrets: Secrets): Sender | null {
  const row = prepared(
    db,
    `select id, url, event_identity identity, webhook_nonce nonce from registry
     where id = ? and kind <> 'demonstration' and removed_at is null`,
  ).get(id) as { id: string; url: string | null; identity: string | null; nonce: string | null } | undefined
  if (row === undefined) return null
  return {
    id: row.id,
    host: hostOf(row.url),
    serviceAccount: serviceAccountOf(row.identity),
    secret: webhookSecret(secrets, row.id, row.nonce),
  }
}
