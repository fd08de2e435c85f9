import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { placeRulesOfTags } from '../rules/place.ts'
import { forgetReplaced, noteReplaced } from './replaced.ts'
import { revive, settle } from './superseding.ts'

/** A tag as a push event or a listing tells of it. */
export interface TagSeen {
  readonly repositoryId: number
  readonly name: string
  readonly digest: string
  /** The registry's time of the push; null when the tag was found by listing. */
  readonly eventAt: string | null
  /** Our time: when the event came, or when the listing began. */
  readonly at: string
}

interface TagRow {
  readonly digest: string
  readonly eventAt: string | null
  readonly updatedAt: string
}

/**
 * Points a tag to a digest, unless something newer is known of it: events may come late and in any order, and a
 * listing may be overtaken by an event. What loses its last tag thereby is noted as replaced. Within a transaction.
 */
export function pointTag(db: Db, seen: TagSeen): void {
  const old = findTag(db, seen.repositoryId, seen.name)
  const taken = takeTag(db, seen, old)
  const isLost =
    taken === null && old !== undefined && old.digest !== seen.digest && noteLost(db, seen, old.digest)
  if (taken?.unsettled || isLost) settle(db, seen.repositoryId, seen.at)
}

/**
 * The same for one of many tags of a repository: what they replace is settled once, afterwards, by the caller.
 * @returns whether the tag was taken in.
 */
export const moveTag = (db: Db, seen: TagSeen): boolean =>
  takeTag(db, seen, findTag(db, seen.repositoryId, seen.name)) !== null

/** @returns null when something newer is known; else whether it changed what replaces what, which most tags are too new to do. */
function takeTag(db: Db, seen: TagSeen, old: TagRow | undefined): { unsettled: boolean } | null {
  const { repositoryId, name, digest, eventAt, at } = seen
  if (old !== undefined && isNewer(old, seen)) return null
  prepared(
    db,
    `insert into tag (repository_id, name, digest, event_at, updated_at) values (?, ?, ?, ?, ?)
     on conflict (repository_id, name) do update set
       digest = excluded.digest, event_at = coalesce(excluded.event_at, event_at), updated_at = excluded.updated_at`,
  ).run(repositoryId, name, digest, eventAt, at)
  const forgot = forgetReplaced(db, repositoryId, digest)
  const moved = old !== undefined && old.digest !== digest
  if (moved) noteReplaced(db, repositoryId, old.digest, digest)
  revive(db, repositoryId, digest)
  if (old?.digest !== digest) {
    placeRulesOfTags(db, repositoryId, old === undefined ? [digest] : [digest, old.digest], at)
  }
  return { unsettled: forgot || moved }
}

/** Takes a tag away; its image stays. Within a transaction. */
export function removeTag(db: Db, { repositoryId, name, eventAt, at }: Omit<TagSeen, 'digest'>): void {
  const gone = prepared(
    db,
    `delete from tag where repository_id = ? and name = ? and (event_at is null or ? is null or event_at <= ?)
     returning digest`,
  )
    .pluck()
    .all(repositoryId, name, eventAt, eventAt) as string[]
  placeRulesOfTags(db, repositoryId, gone, at)
}

/** Takes away tags that a listing, begun at `since`, did not find, unless an event set them meanwhile. Within a transaction. */
export function removeUnlisted(
  db: Db,
  repositoryId: number,
  tags: readonly { readonly name: string; readonly digest: string }[],
  since: string,
): void {
  const remove = prepared(
    db,
    'delete from tag where repository_id = ? and name = ? and digest = ? and updated_at < ?',
  )
  for (const { name, digest } of tags) remove.run(repositoryId, name, digest, since)
  const digests = tags.map(({ digest }) => digest)
  placeRulesOfTags(db, repositoryId, digests, new Date().toISOString())
}

const findTag = (db: Db, repositoryId: number, name: string): TagRow | undefined =>
  prepared(
    db,
    'select digest, event_at eventAt, updated_at updatedAt from tag where repository_id = ? and name = ?',
  ).get(repositoryId, name) as TagRow | undefined

function isNewer(old: TagRow, seen: TagSeen): boolean {
  if (seen.eventAt === null) return old.updatedAt > seen.at
  return old.eventAt !== null && old.eventAt > seen.eventAt
}

/**
 * A push that is told of after the one by which its tag went on to `by`: its digest has lost the tag already. Not where
 * something newer was told of the digest, which may have had another tag since.
 * @returns whether that is news.
 */
function noteLost(db: Db, { repositoryId, digest, eventAt }: TagSeen, by: string): boolean {
  const isNewest = prepared(
    db,
    `select not exists (select 1 from occurrence where repository_id = @repositoryId and digest = @digest
         and (event_at is null or event_at > @eventAt))
       and not exists (select 1 from replaced where repository_id = @repositoryId and digest = @digest)
       and not exists (select 1 from index_member where index_digest = @digest)`,
  ).pluck()
  return (
    eventAt !== null &&
    isNewest.get({ repositoryId, digest, eventAt }) === 1 &&
    noteReplaced(db, repositoryId, digest, by)
  )
}
