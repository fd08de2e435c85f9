import { newSecret } from '../access/secrets.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { placeRules } from '../rules/place.ts'

/** Subscriptions, registries, repositories and occurrences: made when they are first heard of. */

export interface NewRegistry {
  readonly id: string
  readonly subscriptionId: string
  readonly name: string
  readonly kind: 'distribution' | 'demonstration'
  readonly url: string | null
}

/** Makes the subscription if there is none by that id. */
export function ensureSubscription(db: Db, subscription: { id: string; name: string }, at: string): void {
  prepared(db, 'insert into subscription (id, name, created_at) values (?, ?, ?) on conflict do nothing').run(
    subscription.id,
    subscription.name,
    at,
  )
}

/** Makes the registry, or brings its name and URL up to date. */
export function ensureRegistry(db: Db, registry: NewRegistry, at: string): void {
  prepared(
    db,
    `insert into registry (id, subscription_id, name, kind, url, webhook_nonce, created_at)
     values (@id, @subscriptionId, @name, @kind, @url, @nonce, @at)
     on conflict (id) do update set name = excluded.name, url = excluded.url`,
  ).run({ ...registry, nonce: newSecret(), at })
}

/** @returns the repository's id. */
export function ensureRepository(db: Db, registryId: string, name: string): number {
  const known = prepared(db, 'select id from repository where registry_id = ? and name = ?').pluck()
  const id = known.get(registryId, name) as number | undefined
  if (id !== undefined) return id
  const { lastInsertRowid } = prepared(db, 'insert into repository (registry_id, name) values (?, ?)').run(
    registryId,
    name,
  )
  return Number(lastInsertRowid)
}

export interface OccurrenceState {
  readonly id: number
  readonly imageId: number | null
  readonly eventAt: string | null
  readonly deletedAt: string | null
  readonly supersededAt: string | null
  readonly coverageStatus: string
}

export const findOccurrence = (db: Db, repositoryId: number, digest: string): OccurrenceState | undefined =>
  prepared(
    db,
    `select id, image_id imageId, event_at eventAt, deleted_at deletedAt, superseded_at supersededAt,
       coverage_status coverageStatus
     from occurrence where repository_id = ? and digest = ?`,
  ).get(repositoryId, digest) as OccurrenceState | undefined

/** Makes the occurrence if there is none. Within a transaction. */
export function ensureOccurrence(
  db: Db,
  repositoryId: number,
  digest: string,
  pushedAt: string,
): OccurrenceState {
  const known = findOccurrence(db, repositoryId, digest)
  if (known !== undefined) return known
  const { lastInsertRowid } = prepared(
    db,
    `insert into occurrence (repository_id, digest, pushed_at, image_id)
     values (@repositoryId, @digest, @pushedAt, (select id from image where digest = @digest))`,
  ).run({ repositoryId, digest, pushedAt })
  refreshPosture(db, [Number(lastInsertRowid)])
  placeRules(db, [Number(lastInsertRowid)], new Date().toISOString())
  const made = findOccurrence(db, repositoryId, digest)
  if (made === undefined) throw new Error('an occurrence that was just stored is not there')
  return made
}

/** Forgets an occurrence that turned out to be no image. Within a transaction. */
export function dropOccurrence(db: Db, repositoryId: number, digest: string): void {
  prepared(
    db,
    `delete from finding where occurrence_id in (select id from occurrence where repository_id = ? and digest = ?)`,
  ).run(repositoryId, digest)
  prepared(db, 'delete from occurrence where repository_id = ? and digest = ?').run(repositoryId, digest)
}
