import type { ImageImport, NewImageImport, Scope } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Secrets } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { Refusal } from '../refusal.ts'
import { checkCredentials } from '../registries/given.ts'
import { requireConnection } from '../registries/stored.ts'
import { seal } from '../registries/vault.ts'
import { registryIdsWithin } from '../scopes/within.ts'
import { sourceOf, wantedImport } from './wanted.ts'

export interface ImportDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly secrets: Secrets
  readonly viewer: { readonly name: string }
  readonly importer: { wake(): void; cancel(id: number): void }
}

/** @throws Refusal when it makes no sense, or the target is not connected. */
export function startImport(input: NewImageImport, deps: ImportDeps): ImageImport {
  const { db, log, secrets, viewer, importer } = deps
  const target = requireConnection(db, input.registryId)
  const { source, repository, tag, platform } = wantedImport(db, input)
  if (input.sourceCredentials !== undefined) checkCredentials(input.sourceCredentials, sourceOf(source).host)
  const credentials =
    input.sourceCredentials === undefined || input.sourceCredentials.kind === 'none'
      ? null
      : seal(secrets, JSON.stringify(input.sourceCredentials), sealedFor(source))
  const { lastInsertRowid } = prepared(
    db,
    `insert into image_import (source, source_credentials, registry_id, repository, tag, platform, state, requested_by,
       queued_at)
     values (@source, @credentials, @registryId, @repository, @tag, @platform, 'queued', @by, @at)`,
  ).run({
    source,
    credentials,
    registryId: target.id,
    repository,
    tag,
    platform,
    by: viewer.name,
    at: new Date().toISOString(),
  })
  const about = { source, registryId: target.id, repository, tag, platform, by: viewer.name }
  log.info({ audit: 'import-asked', ...about }, 'an import was asked for')
  deps.events.publish({ type: 'changed', what: 'imports' })
  importer.wake()
  return getImport(db, Number(lastInsertRowid))
}

/** What binds sealed credentials to their import: those of another source do not open with it. */
export const sealedFor = (source: string): string => `import ${source}`

const ended: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled'])

/** Calls an import off. What the target has by then stays there without a tag. @throws Refusal */
export function cancelImport(id: string, { db, events, importer }: ImportDeps): ImageImport {
  const known = getImport(db, numberOf(id))
  if (ended.has(known.state)) throw new Refusal('conflict', 'The import has ended already.')
  prepared(
    db,
    `update image_import set state = 'cancelled', finished_at = ?
     where id = ? and state in ('queued', 'running')`,
  ).run(new Date().toISOString(), numberOf(id))
  importer.cancel(numberOf(id))
  events.publish({ type: 'changed', what: 'imports' })
  return getImport(db, numberOf(id))
}

/** Has an import that failed, or was called off, begin anew. @throws Refusal */
export function retryImport(id: string, { db, events, importer }: ImportDeps): ImageImport {
  const { changes } = prepared(
    db,
    `update image_import set state = 'queued', attempts = 0, not_before = 0, error_code = null, error_message = null,
       error_hint = null, finished_at = null, queued_at = ?
     where id = ? and state in ('failed', 'cancelled')`,
  ).run(new Date().toISOString(), numberOf(id))
  const known = getImport(db, numberOf(id))
  if (changes === 0)
    throw new Refusal('conflict', 'Only an import that failed or was called off can be retried.')
  events.publish({ type: 'changed', what: 'imports' })
  importer.wake()
  return known
}

const numberOf = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)

export interface ImportPage {
  readonly rows: ImageImport[]
  readonly total: number
}

/** The newest first. */
export function listImports(
  db: Db,
  { page, size, scope }: { page: number; size: number; scope?: Scope | undefined },
): ImportPage {
  const within = { registries: registryIdsWithin(db, scope) }
  const where = 'where @registries is null or rg.id in (select value from json_each(@registries))'
  const total = prepared(db, `select count(*) from ${shown} ${where}`).pluck().get(within) as number
  const rows = prepared(db, `${select} ${where} order by im.id desc limit @size offset @offset`).all({
    ...within,
    size,
    offset: (page - 1) * size,
  })
  return { rows: (rows as ImportRow[]).map(importOf), total }
}

/** @throws Refusal when there is none by that id. */
function getImport(db: Db, id: number): ImageImport {
  const row = prepared(db, `${select} where im.id = ?`).get(id) as ImportRow | undefined
  if (row === undefined) throw new Refusal('not-found', 'There is no such import.')
  return importOf(row)
}

const shown = 'image_import im join registry rg on rg.id = im.registry_id and rg.removed_at is null'
const select = `select im.id, im.source, im.registry_id registryId, rg.name registryName, im.repository, im.tag,
    im.platform, im.state, im.bytes_done bytesDone, im.bytes_total bytesTotal, im.bytes_spared bytesSpared, im.digest,
    im.error_code errorCode, im.error_message errorMessage, im.error_hint errorHint, im.attempts,
    case when im.state = 'queued' and im.not_before > 0 then im.not_before end retryAtMs,
    im.requested_by requestedBy, im.queued_at queuedAt, im.started_at startedAt, im.finished_at finishedAt
  from ${shown}`

type ImportRow = Omit<ImageImport, 'id' | 'error' | 'retryAt'> & {
  readonly id: number
  readonly retryAtMs: number | null
  readonly errorCode: NonNullable<ImageImport['error']>['code'] | null
  readonly errorMessage: string | null
  readonly errorHint: string | null
}

const importOf = ({ id, retryAtMs, errorCode, errorMessage, errorHint, ...row }: ImportRow): ImageImport => ({
  ...row,
  id: String(id),
  retryAt: retryAtMs === null ? null : new Date(retryAtMs).toISOString(),
  error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '', hint: errorHint },
})
