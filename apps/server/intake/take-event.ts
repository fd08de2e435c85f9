import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { enqueue } from '../jobs/queue.ts'
import { bringBack } from '../jobs/record.ts'
import { mayScan } from '../plans/plan.ts'
import { deleteDigest } from './deletion.ts'
import { isIndexType, type RegistryEvent } from './event.ts'
import { ensureOccurrence, ensureRepository, findOccurrence } from './places.ts'
import { settle } from './superseding.ts'
import { pointTag, removeTag } from './tags.ts'

/** What events did, for those who watch. */
export interface Taken {
  /** Scans asked for, new or not. */
  readonly scans: readonly number[]
  readonly imagesChanged: boolean
  readonly findingsChanged: boolean
}

export const nothingTaken: Taken = { scans: [], imagesChanged: false, findingsChanged: false }

export const sumOf = (taken: readonly Taken[]): Taken => ({
  scans: taken.flatMap(({ scans }) => scans),
  imagesChanged: taken.some(({ imagesChanged }) => imagesChanged),
  findingsChanged: taken.some(({ findingsChanged }) => findingsChanged),
})

/**
 * Takes in a registry's events, in one transaction. They may come in any order and more than once (the inbox leaves out
 * those that were delivered before): one that says what is known does nothing, and neither does one of a repository
 * that is not watched.
 * @param at our time, ISO 8601.
 * @param receivedAt when they came, by our clock: none of them happened later, whatever the registry's says.
 */
export const takeEvents = (
  db: Db,
  registryId: string,
  events: readonly RegistryEvent[],
  at: string,
  receivedAt = at,
): Taken =>
  inTransaction(db, () => {
    const effects = events
      .filter(({ repository }) => isWatched(db, registryId, repository))
      .map(event => (event.at > receivedAt ? { ...event, at: receivedAt } : event))
      .map(event => takeEvent(db, registryId, event, at))
    return {
      scans: effects.flatMap(effect => effect.scans),
      imagesChanged: effects.some(effect => effect.images),
      findingsChanged: effects.some(effect => effect.findings),
    }
  })

/** Where a registry has a list of repositories to watch, it tells of others for nothing. */
const isWatched = (db: Db, registryId: string, repository: string): boolean =>
  prepared(
    db,
    `select 1 from registry where id = @registryId and removed_at is null
       and (repositories is null or repositories = '[]'
         or exists (select 1 from json_each(repositories) where value = @repository))`,
  ).get({ registryId, repository }) !== undefined

interface Effect {
  readonly scans: readonly number[]
  readonly images: boolean
  readonly findings: boolean
}

const nothing: Effect = { scans: [], images: false, findings: false }

function takeEvent(db: Db, registryId: string, event: RegistryEvent, at: string): Effect {
  const { digest } = event
  switch (event.action) {
    case 'push':
      return digest === null ? nothing : takePush(db, registryId, { ...event, digest }, at)
    case 'pull':
      return takePull(db, registryId, event, at)
    case 'delete':
      return takeDelete(db, registryId, event, at)
  }
}

function takePush(db: Db, registryId: string, event: RegistryEvent & { digest: string }, at: string): Effect {
  const { digest, tag, mediaType } = event
  const repositoryId = ensureRepository(db, registryId, event.repository)
  const known = findOccurrence(db, repositoryId, digest)
  const isLate = known?.eventAt != null && known.eventAt > event.at
  if (isLate && known.deletedAt !== null) return nothing
  // An index is no image, and a manifest without a tag may be an attestation that goes with one: the scan will tell.
  const isImage = mediaType !== null && !isIndexType(mediaType) && tag !== null && !isSignatureTag(tag)
  if (known !== undefined || isImage) {
    const { id, deletedAt } = ensureOccurrence(db, repositoryId, digest, event.at)
    if (deletedAt !== null) bringBack(db, id)
    // A late one may still be the only one to tell of its tag.
    if (!isLate) {
      prepared(db, 'update occurrence set event_at = ?, pushed_at = ? where id = ?').run(
        event.at,
        event.at,
        id,
      )
    }
  }
  if (tag !== null) pointTag(db, { repositoryId, name: tag, digest, eventAt: event.at, at })
  // What came back without a tag may have lost its last one before it went.
  if (known?.deletedAt != null) settle(db, repositoryId, at)
  const scans = mayScan(db, registryId, 'push')
    ? [enqueue(db, { repositoryId, digest, trigger: 'push' }, at).id]
    : []
  return { scans, images: true, findings: tag !== null }
}

/** Of an index its images are pulled, whichever it was: the registry does not tell. A tag leads to either. */
function takePull(db: Db, registryId: string, event: RegistryEvent, now: string): Effect {
  const { repository, digest, tag, at } = event
  const { changes } = prepared(
    db,
    `with place as (select id from repository where registry_id = @registryId and name = @repository),
       pulled as (select coalesce(@digest,
         (select digest from tag where repository_id = (select id from place) and name = @tag)) digest)
     update occurrence set last_pulled_at = @at
     where repository_id = (select id from place) and (last_pulled_at is null or last_pulled_at < @at)
       and digest in (select digest from pulled union all
         select im.digest from index_member im join pulled on im.index_digest = pulled.digest)`,
  ).run({ at, digest, tag, registryId, repository })
  const scans = digest === null ? [] : takePulledAgain(db, registryId, { ...event, digest }, now)
  return { ...nothing, scans, images: changes > 0 }
}

/**
 * What could be pulled after its deletion is there: most often an image that went with its index, and whose manifest the
 * registry keeps. @returns the scans that it is asked for with.
 */
function takePulledAgain(
  db: Db,
  registryId: string,
  { repository, digest, at }: RegistryEvent & { digest: string },
  now: string,
): number[] {
  const back = prepared(
    db,
    `select o.id, o.repository_id repositoryId, o.digest from repository rp
       join occurrence o on o.repository_id = rp.id
     where rp.registry_id = @registryId and rp.name = @repository and o.deleted_at < @at
       and coalesce(o.event_at, '') < @at
       and o.digest in (select @digest union all select digest from index_member where index_digest = @digest)`,
  ).all({ registryId, repository, digest, at }) as { id: number; repositoryId: number; digest: string }[]
  for (const { id } of back) bringBack(db, id)
  if (back[0] !== undefined) settle(db, back[0].repositoryId, now)
  if (!mayScan(db, registryId, 'push')) return []
  return back.map(one => {
    const asked = { repositoryId: one.repositoryId, digest: one.digest, trigger: 'discovery' as const }
    return enqueue(db, asked, now).id
  })
}

/** The deletion of a manifest names its digest, that of a tag the tag; one that names both means the tag first. */
function takeDelete(db: Db, registryId: string, event: RegistryEvent, at: string): Effect {
  const repositoryId = ensureRepository(db, registryId, event.repository)
  const { digest, tag } = event
  if (tag !== null) removeTag(db, { repositoryId, name: tag, eventAt: event.at, at })
  if (digest === null) return { ...nothing, images: tag !== null }
  if (tag !== null && isTagged(db, repositoryId, digest)) return { ...nothing, images: true }
  const deleted = deleteDigest(db, { repositoryId, digest, eventAt: event.at, at })
  return { ...nothing, images: deleted, findings: deleted }
}

const isTagged = (db: Db, repositoryId: number, digest: string): boolean =>
  prepared(db, 'select 1 from tag where repository_id = ? and digest = ? limit 1').get(
    repositoryId,
    digest,
  ) !== undefined

/** How cosign and the OCI referrers fallback tag what they attach to an image. */
const isSignatureTag = (tag: string): boolean => /^sha256-[0-9a-f]{64}(\.[a-z]+)?$/.test(tag)
