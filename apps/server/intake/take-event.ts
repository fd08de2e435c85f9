import { isOwnUserAgent } from '@plimsoll/engine'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { enqueue } from '../jobs/queue.ts'
import { bringBack } from '../jobs/record.ts'
import { deleteDigest } from './deletion.ts'
import { isIndexType, isManifestType, type RegistryEvent } from './event.ts'
import { ensureOccurrence, ensureRepository, findOccurrence } from './places.ts'
import { pointTag, removeTag } from './tags.ts'

/** What events did, for those who watch. */
export interface Taken {
  /** Scans asked for, new or not. */
  readonly scans: readonly number[]
  readonly imagesChanged: boolean
  readonly findingsChanged: boolean
}

/**
 * Takes in a registry's events, in one transaction: when it returns, they will outlive the server. An event that was
 * delivered before does nothing, and neither does one that says what is known.
 * @param at our time, ISO 8601.
 */
export function takeEvents(db: Db, registryId: string, events: readonly RegistryEvent[], at: string): Taken {
  return inTransaction(db, () => {
    const seen = prepared(
      db,
      'insert into webhook_event (registry_id, event_id, received_at) values (?, ?, ?) on conflict do nothing',
    )
    const effects = events
      .filter(event => seen.run(registryId, event.id, at).changes === 1)
      .map(event => takeEvent(db, registryId, event, at))
    forgetOld(db, at)
    return {
      scans: effects.flatMap(effect => effect.scan ?? []),
      imagesChanged: effects.some(effect => effect.images),
      findingsChanged: effects.some(effect => effect.findings),
    }
  })
}

interface Effect {
  readonly scan: number | null
  readonly images: boolean
  readonly findings: boolean
}

const nothing: Effect = { scan: null, images: false, findings: false }

function takeEvent(db: Db, registryId: string, event: RegistryEvent, at: string): Effect {
  if (event.action === 'push' && event.digest !== null && isManifestType(event.mediaType)) {
    return takePush(db, registryId, { ...event, digest: event.digest }, at)
  }
  if (event.action === 'pull' && event.digest !== null && isManifestType(event.mediaType)) {
    return takePull(db, registryId, { ...event, digest: event.digest })
  }
  if (event.action === 'delete') return takeDelete(db, registryId, event, at)
  return nothing
}

function takePush(db: Db, registryId: string, event: RegistryEvent & { digest: string }, at: string): Effect {
  const { digest, tag, mediaType } = event
  const repositoryId = ensureRepository(db, registryId, event.repository)
  const known = findOccurrence(db, repositoryId, digest)
  const isLate = known?.eventAt != null && known.eventAt > event.at
  if (isLate && known.deletedAt !== null) return nothing
  // An index is no image, and a manifest without a tag may be an attestation that goes with one: the scan will tell.
  const isImage = !isIndexType(mediaType) && tag !== null && !isSignatureTag(tag)
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
  const { id } = enqueue(db, { repositoryId, digest, trigger: 'push' }, at)
  return { scan: id, images: true, findings: tag !== null }
}

/** Our own reading is no use of an image: counted, it would keep every image "recently pulled" for ever. */
function takePull(db: Db, registryId: string, event: RegistryEvent & { digest: string }): Effect {
  if (isOwnUserAgent(event.userAgent)) return nothing
  const { changes } = prepared(
    db,
    `update occurrence set last_pulled_at = @at
     where digest = @digest and (last_pulled_at is null or last_pulled_at < @at) and repository_id =
       (select id from repository where registry_id = @registryId and name = @repository)`,
  ).run({ at: event.at, digest: event.digest, registryId, repository: event.repository })
  return { ...nothing, images: changes > 0 }
}

/** The deletion of a manifest names its digest, that of a tag the tag alone. */
function takeDelete(db: Db, registryId: string, event: RegistryEvent, at: string): Effect {
  const repositoryId = ensureRepository(db, registryId, event.repository)
  if (event.digest === null) {
    if (event.tag === null) return nothing
    removeTag(db, { repositoryId, name: event.tag, eventAt: event.at })
    return { ...nothing, images: true }
  }
  const deleted = deleteDigest(db, { repositoryId, digest: event.digest, eventAt: event.at, at })
  return { scan: null, images: deleted, findings: deleted }
}

/** How cosign and the OCI referrers fallback tag what they attach to an image. */
const isSignatureTag = (tag: string): boolean => /^sha256-[0-9a-f]{64}(\.[a-z]+)?$/.test(tag)

// A registry gives up on a delivery far sooner.
const rememberedMs = 7 * 24 * 60 * 60 * 1000

function forgetOld(db: Db, at: string): void {
  const before = new Date(Date.parse(at) - rememberedMs).toISOString()
  prepared(db, 'delete from webhook_event where received_at < ?').run(before)
}
