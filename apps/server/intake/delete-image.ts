import { type RegistryClient, SourceError } from '@plimsoll/engine'
import type { DeletionPreview, ImageLink } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { getImage, type OccurrenceName, occurrenceNamed } from '../posture/images.ts'
import { placeKey, tagsOfDigests } from '../posture/tags.ts'
import { Refusal } from '../refusal.ts'
import { deleteDigest } from './deletion.ts'

/** What deleting an image in its registry would take with it. @throws Refusal when there is no such image. */
export function previewDeletion(db: Db, name: OccurrenceName): DeletionPreview {
  const { repositoryId } = occurrenceNamed(db, name)
  const image = getImage(db, name)
  const tags = prepared(
    db,
    'select name from tag where repository_id = ? and digest = ? order by name',
  ).pluck()
  const indexes = prepared(
    db,
    `select distinct im.index_digest digest from index_member im
     where im.digest = @digest and exists (
       select 1 from tag t where t.repository_id = @repositoryId and t.digest = im.index_digest)`,
  )
    .pluck()
    .all({ digest: name.digest, repositoryId }) as string[]
  const { open } = image.findings
  return {
    refusal: whyNot(db, name, image.deletedAt),
    tags: tags.all(repositoryId, name.digest) as string[],
    indexes: indexes.map(digest => ({ digest, tags: tags.all(repositoryId, digest) as string[] })),
    elsewhere: otherPlaces(db, repositoryId, name.digest),
    runningIn: image.runningIn,
    lastPulledAt: image.lastPulledAt,
    openFindings: Object.values(open).reduce((sum, count) => sum + count, 0),
  }
}

function whyNot(db: Db, { registryId }: OccurrenceName, deletedAt: string | null): string | null {
  if (deletedAt !== null) return 'It was deleted already.'
  const kind = prepared(db, 'select kind from registry where id = ?').pluck().get(registryId)
  return kind === 'demonstration' ? 'It is a sample of the demonstration, which is in no registry.' : null
}

function otherPlaces(db: Db, repositoryId: number, digest: string): ImageLink[] {
  const rows = prepared(
    db,
    `select rp.id repositoryId, rg.id registryId, rg.name registryName, rp.name repository, o.digest
     from registry rg
     join repository rp on rp.registry_id = rg.id
     -- A seek for each repository: there is no index that begins with the digest.
     cross join occurrence o on o.repository_id = rp.id and o.digest = @digest
     where rp.id <> @repositoryId and o.deleted_at is null and rg.removed_at is null
     order by rg.name, rp.name limit 50`,
  ).all({ digest, repositoryId }) as (Omit<ImageLink, 'tags'> & { repositoryId: number })[]
  const tags = tagsOfDigests(db, rows)
  return rows.map(({ repositoryId: place, ...row }) => ({
    ...row,
    tags: tags.get(placeKey(place, row.digest)) ?? [],
  }))
}

export interface DeletionDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly viewer: { readonly name: string }
  readonly client: (registryId: string) => RegistryClient
  readonly wakeRunner: () => void
}

/**
 * Deletes an image's manifest in its registry, and what is known of it closes with that. One that is gone from there
 * already counts as deleted.
 * @throws Refusal when there is no such image, or the registry does not let it be deleted.
 */
export async function deleteImage(
  name: OccurrenceName,
  { db, events, log, viewer, client, wakeRunner }: DeletionDeps,
): Promise<{ deleted: true }> {
  const { refusal } = previewDeletion(db, name)
  if (refusal !== null) throw new Refusal('conflict', refusal)
  const { repositoryId, id } = occurrenceNamed(db, name)
  // Once it is asked for it is seen through: whoever goes away meanwhile cannot take it back.
  const { signal } = new AbortController()
  try {
    await client(name.registryId).writes.deleteManifest(name.repository, name.digest, signal)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    throw new Refusal('conflict', error.message, {
      ...(error.hint === null ? {} : { hint: error.hint }),
      cause: error,
    })
  }
  inTransaction(db, () => {
    const at = new Date().toISOString()
    // The registry's own event may have come in meanwhile: that it was us who did it is noted all the same.
    deleteDigest(db, { repositoryId, digest: name.digest, eventAt: null, at })
    prepared(db, 'update occurrence set deleted_by = ? where id = ?').run(viewer.name, id)
  })
  log.info({ audit: 'image-deleted', ...name, by: viewer.name }, 'an image was deleted in its registry')
  for (const what of ['images', 'findings'] as const) events.publish({ type: 'changed', what })
  // What it had taken the place of may count again.
  wakeRunner()
  return { deleted: true }
}
