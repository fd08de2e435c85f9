import type { CloseReason } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { close } from '../findings/record.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { isTagged, type Ways, waysIn } from './replaced.ts'

/**
 * What happens to an image whose last tag moves to another. It stays in the registry, and whoever pulls it by digest
 * still gets what it holds, so it is kept and shown. But people read a repository by its tags: a push that carries the
 * fixes has to close the findings. So once the image that took the tag has a result, and not before (the last good
 * result stays until the next replaces it), the old one is superseded: its findings close, each with the reason that
 * the new image gives, and it counts nowhere. When a tag comes back to it, or a cluster is seen to run it, it is as it was.
 * See docs/decisions/0002-superseded-images.md.
 */

const tagged = isTagged('o.repository_id', 'o.digest')

/** Few, however many images a repository has, and so where to look from. Parameter @repositoryId. */
const lostTheirTag = `replaced r cross join occurrence o
  where r.repository_id = @repositoryId and o.repository_id = r.repository_id and o.digest = r.digest`

interface Replaced {
  readonly id: number
  readonly by: string
  readonly imageId: number | null
}

/** Supersedes what in this repository was replaced by images that have a result by now. Within a transaction. */
export function settle(db: Db, repositoryId: number, at: string): void {
  const waiting = prepared(
    db,
    `select o.id, o.image_id imageId, r.by
     from ${lostTheirTag} and o.deleted_at is null and o.superseded_at is null
       and not ${tagged} and not exists (select 1 from running_image ri where ri.occurrence_id = o.id)`,
  ).all({ repositoryId }) as Replaced[]
  const ways = waysIn(db, repositoryId)
  for (const old of waiting) {
    const successors = successorsOf(db, repositoryId, old, ways)
    const assessed = successors.every(({ coverageStatus }) => coverageStatus !== 'not-scanned')
    if (successors.length > 0 && assessed) supersede(db, old.id, successors, at)
  }
}

/**
 * Takes back that a digest, or an index's images, were superseded, where a tag leads to them again: the findings that
 * were closed with it are open as before, and are matched again in case the advisories moved on. Within a transaction.
 */
export function revive(db: Db, repositoryId: number, digest: string): void {
  const ids = prepared(
    db,
    `select o.id from occurrence o
     where o.repository_id = @repositoryId and o.superseded_at is not null and ${tagged}
       and o.digest in (
         select @digest union all select im.digest from index_member im where im.index_digest = @digest)`,
  )
    .pluck()
    .all({ repositoryId, digest }) as number[]
  for (const id of ids) takeBack(db, id)
}

/**
 * What the deletion of digests leads to: an image of which everything that took its place is gone is as it was, for it is
 * in the registry still, and nothing is assessed in its stead; and one that waited for them waits no more. Within a
 * transaction.
 */
export function settleDeleted(db: Db, repositoryId: number, deleted: readonly string[], at: string): void {
  const ways = waysIn(db, repositoryId)
  const took = deleted.flatMap(digest => tookTags(db, repositoryId, digest))
  // Most deletions are of old images: what took their tag after them is there.
  const gone = took.filter(digest => !ways.anyThere(digest))
  if (gone.length > 0) takeBackBefore(db, repositoryId, gone, ways)
  const wereWaitedFor = took.length > 0 && deleted.some(digest => isUnassessed(db, repositoryId, digest))
  if (gone.length > 0 || wereWaitedFor) settle(db, repositoryId, at)
}

/** Of the images that had a tag before those that are gone, those of which nothing else took the place are as they were. */
function takeBackBefore(db: Db, repositoryId: number, gone: readonly string[], ways: Ways): void {
  const superseded = prepared(
    db,
    `with recursive before(digest) as (
       select value from json_each(@gone) union
       select r.digest from before
         join replaced r indexed by replaced_by on r.by = before.digest and r.repository_id = @repositoryId)
     select o.id, o.digest, r.by from before
       cross join occurrence o on o.repository_id = @repositoryId and o.digest = before.digest
       join replaced r on r.repository_id = o.repository_id and r.digest = o.digest
     where o.deleted_at is null and o.superseded_at is not null`,
  ).all({ repositoryId, gone: JSON.stringify(gone) }) as { id: number; digest: string; by: string }[]
  for (const { id, digest, by } of superseded) {
    const newest = ways.newestThere(by)
    if (newest === null || ways.leadsTo(newest, digest)) takeBack(db, id)
  }
}

const isUnassessed = (db: Db, repositoryId: number, digest: string): boolean =>
  prepared(
    db,
    `select 1 from occurrence where repository_id = ? and digest = ? and coverage_status = 'not-scanned'`,
  ).get(repositoryId, digest) !== undefined

/** The digest and the indexes that name it, as far as they took a tag of another. */
const tookTags = (db: Db, repositoryId: number, digest: string): string[] =>
  prepared(
    db,
    `select l.digest from (
       select @digest digest union select index_digest from index_member where digest = @digest) l
     where exists (
       select 1 from replaced r indexed by replaced_by where r.by = l.digest and r.repository_id = @repositoryId)`,
  )
    .pluck()
    .all({ repositoryId, digest }) as string[]

/** Takes it back of an image that turns out to be in the index which took its place. Within a transaction. */
export function reviveMember(db: Db, digest: string): void {
  const superseded = prepared(
    db,
    `select o.id from replaced r
       cross join occurrence o on o.repository_id = r.repository_id and o.digest = r.digest
     where r.digest = ? and o.deleted_at is null and o.superseded_at is not null`,
  ).pluck()
  for (const id of superseded.all(digest) as number[]) {
    const old = replacedOf(db, id)
    if (old !== undefined && successorsOf(db, old.repositoryId, old).length === 0) takeBack(db, id)
  }
}

const replacedOf = (db: Db, occurrenceId: number): (Replaced & { repositoryId: number }) | undefined =>
  prepared(
    db,
    `select o.id, o.image_id imageId, o.repository_id repositoryId, r.by
     from occurrence o join replaced r on r.repository_id = o.repository_id and r.digest = o.digest
     where o.id = ?`,
  ).get(occurrenceId) as (Replaced & { repositoryId: number }) | undefined

/** Takes back that an occurrence was superseded: for a new result to be recorded, or because it runs. Within a transaction. */
export function takeBack(db: Db, occurrenceId: number): void {
  prepared(
    db,
    `update finding set closed_at = null, close_reason = null,
       state = (select m.state from match_fact m where m.id = finding.match_id)
     where occurrence_id = @id and closed_at = (select superseded_at from occurrence where id = @id)`,
  ).run({ id: occurrenceId })
  prepared(db, 'update occurrence set superseded_at = null where id = ?').run(occurrenceId)
  prepared(db, 'insert into rematch (occurrence_id) values (?) on conflict do nothing').run(occurrenceId)
  refreshPosture(db, [occurrenceId])
}

interface Successor {
  readonly id: number
  readonly imageId: number | null
  readonly coverageStatus: string
  /** 1 or 0. */
  readonly samePlatform: number
}

/**
 * The images that stand where the old one stood. The tag may have moved on since: whoever has it now is the one to wait
 * for, and where that one was deleted, the one before. The tag may have come back to the old one as well, by itself or in
 * an index: then nothing stands in its stead, or two images that replaced each other in turn would count neither.
 */
function successorsOf(
  db: Db,
  repositoryId: number,
  old: Replaced,
  { newestThere } = waysIn(db, repositoryId),
): Successor[] {
  const newest = newestThere(old.by)
  const successors = newest === null ? [] : imagesOf(db, repositoryId, old, newest)
  return successors.some(({ id }) => id === old.id) ? [] : successors
}

/** What has the place of an image whose last tag went to another: of the same platform, and assessed. Null for others. */
export function replacementOf(db: Db, occurrenceId: number): number | null {
  const old = replacedOf(db, occurrenceId)
  if (old === undefined) return null
  const successors = successorsOf(db, old.repositoryId, old)
  return successors.find(one => one.samePlatform === 1 && one.coverageStatus !== 'not-scanned')?.id ?? null
}

/** The images that are there of the digest `by`: of an index, those of the old one's platform where there are any. The old one may be among them. */
function imagesOf(db: Db, repositoryId: number, old: Replaced, by: string): Successor[] {
  const rows = prepared(
    db,
    `select o.id, o.image_id imageId, o.coverage_status coverageStatus,
       (i.os is p.os and i.architecture is p.architecture and i.variant is p.variant) samePlatform
     from occurrence o left join image i on i.id = o.image_id left join image p on p.id = @imageId
     where o.repository_id = @repositoryId and o.deleted_at is null
       and o.digest in (select @by union all select im.digest from index_member im where im.index_digest = @by)`,
  ).all({ repositoryId, imageId: old.imageId, by }) as Successor[]
  const same = rows.filter(({ samePlatform }) => samePlatform === 1)
  return same.length > 0 ? same : rows
}

function supersede(db: Db, occurrenceId: number, successors: readonly Successor[], at: string): void {
  const open = prepared(
    db,
    `select f.id, m.vulnerability_id vulnerabilityId, m.ecosystem, m.source_name sourceName
     from finding f join match_fact m on m.id = f.match_id where f.occurrence_id = ? and f.state <> 'closed'`,
  ).all(occurrenceId) as (Vulnerable & { id: number })[]
  for (const finding of open) close(db, finding.id, whyClosed(db, finding, successors), at)
  prepared(db, 'update occurrence set superseded_at = ? where id = ?').run(at, occurrenceId)
  refreshPosture(db, [occurrenceId])
}

interface Vulnerable {
  readonly vulnerabilityId: string
  readonly ecosystem: string
  readonly sourceName: string
}

/** Fixed and gone are said only when every new image was read to the end; what is not known is `superseded`. */
function whyClosed(db: Db, finding: Vulnerable, successors: readonly Successor[]): CloseReason {
  const there = JSON.stringify(successors.map(({ id }) => id))
  const stillOpen = prepared(
    db,
    `select exists (select 1 from finding f join match_fact m on m.id = f.match_id
       where f.occurrence_id in (select value from json_each(@there)) and f.state <> 'closed'
         and m.vulnerability_id = @vulnerabilityId and m.ecosystem = @ecosystem and m.source_name = @sourceName)`,
  )
    .pluck()
    .get({ there, ...vulnerable(finding) })
  const read = successors.every(({ coverageStatus }) => coverageStatus === 'complete')
  if (stillOpen === 1 || !read) return 'superseded'
  const images = JSON.stringify(successors.map(({ imageId }) => imageId))
  const packaged = prepared(
    db,
    `select exists (select 1 from image_package ip join package pk on pk.id = ip.package_id
       where ip.image_id in (select value from json_each(@images)) and pk.ecosystem = @ecosystem
         and pk.source_name = @sourceName)`,
  )
    .pluck()
    .get({ images, ecosystem: finding.ecosystem, sourceName: finding.sourceName })
  return packaged === 1 ? 'fixed' : 'package-gone'
}

const vulnerable = ({ vulnerabilityId, ecosystem, sourceName }: Vulnerable): Vulnerable => ({
  vulnerabilityId,
  ecosystem,
  sourceName,
})
