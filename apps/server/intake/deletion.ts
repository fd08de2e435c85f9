import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { closeFindings } from '../findings/record.ts'
import { cancel } from '../jobs/cancel.ts'
import { placeRulesOfTags } from '../rules/place.ts'
import { findOccurrence } from './places.ts'
import { settleDeleted } from './superseding.ts'

/** Why the scans of a deleted image were called off. */
export const deletedMessage = 'The image was deleted from the registry.'

/**
 * What a manifest's deletion does: its tags go with it, its findings close, its scans are called off. Of an
 * index the images go that nothing else leads to: whoever deletes a multi-platform image means them, though a registry
 * keeps their manifests until its garbage collection. Such an image is noted as deleted with its index, and comes back
 * when it is pushed or pulled, when a tag or another index is found that leads to it, or when a scan that somebody asked
 * for finds it. Within a transaction.
 *
 * @param eventAt the registry's time; null when there is none.
 * @param tagsStay for a manifest that was found to be missing. What took its tags before it went may be told by an event
 *   on its way, which has to find them to know what it replaced; a listing takes them away otherwise.
 * @returns whether anything that is shown was deleted.
 */
export function deleteDigest(
  db: Db,
  {
    repositoryId,
    digest,
    eventAt,
    at,
    tagsStay = false,
  }: { repositoryId: number; digest: string; eventAt: string | null; at: string; tagsStay?: boolean },
): boolean {
  const orphans = prepared(
    db,
    `select o.digest from index_member im
       cross join occurrence o on o.repository_id = @repositoryId and o.digest = im.digest
     where im.index_digest = @digest
       and not exists (select 1 from tag t where t.repository_id = @repositoryId and t.digest = o.digest)
       and not exists (select 1 from index_member other
         cross join tag t on t.digest = other.index_digest and t.repository_id = @repositoryId
         where other.digest = o.digest and other.index_digest <> @digest)`,
  )
    .pluck()
    .all({ repositoryId, digest }) as string[]
  if (!tagsStay) {
    prepared(
      db,
      `delete from tag where repository_id = @repositoryId and digest = @digest
         and (event_at is null or @eventAt is null or event_at <= @eventAt)`,
    ).run({ repositoryId, digest, eventAt })
    placeRulesOfTags(db, repositoryId, [digest], at)
  }
  const deleted = [digest, ...orphans].filter(one =>
    deleteImage(db, { repositoryId, digest: one, eventAt, at, index: one === digest ? null : digest }),
  )
  settleDeleted(db, repositoryId, deleted, at)
  return deleted.length > 0
}

interface Deleted {
  readonly repositoryId: number
  readonly digest: string
  readonly eventAt: string | null
  readonly at: string
  /** The index that it goes with; null when it was deleted itself. */
  readonly index: string | null
}

function deleteImage(db: Db, { repositoryId, digest, eventAt, at, index }: Deleted): boolean {
  const known = findOccurrence(db, repositoryId, digest)
  const pushedSince = eventAt !== null && known?.eventAt != null && known.eventAt > eventAt
  if (pushedSince) return false
  cancel(db, repositoryId, digest, deletedMessage, at)
  if (known === undefined) return false
  if (known.deletedAt !== null) {
    // What had gone with its index is gone itself now.
    if (index === null) {
      prepared(db, `update occurrence set deleted_by = null where id = ? and deleted_by like 'sha256:%'`).run(
        known.id,
      )
    }
    return false
  }
  prepared(
    db,
    'update occurrence set deleted_at = ?, deleted_by = ?, event_at = coalesce(?, event_at) where id = ?',
  ).run(at, index, eventAt, known.id)
  closeFindings(db, known.id, 'image-deleted', at)
  return true
}
