import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { ensureOccurrence, ensureRepository } from '../intake/places.ts'
import { settle } from '../intake/superseding.ts'
import { pointTag } from '../intake/tags.ts'
import { enqueue } from '../jobs/queue.ts'
import { bringBack } from '../jobs/record.ts'
import { mayScan } from '../plans/plan.ts'
import type { RunningImport } from './queue.ts'

/**
 * What was imported is there: it is seen, and its scan asked for, at once, whether or not the registry tells of it. The
 * push event that it may send says nothing new then.
 * @returns false when the import was called off, or its registry removed, meanwhile; nothing is taken in then.
 */
export function finishImport(
  db: Db,
  { id, registryId, repository, tag, requestedBy }: RunningImport,
  { digest, isIndex }: { readonly digest: string; readonly isIndex: boolean },
  at: string,
): boolean {
  return inTransaction(db, () => {
    const { changes } = prepared(
      db,
      `update image_import set state = 'done', digest = ?, finished_at = ?, source_credentials = null,
         bytes_done = bytes_total
       where id = ? and state = 'running' and registry_id in (select id from registry where removed_at is null)`,
    ).run(digest, at, id)
    if (changes === 0) return false
    const repositoryId = ensureRepository(db, registryId, repository)
    // An index is no image: its scan finds out which images it names.
    const known = isIndex ? null : ensureOccurrence(db, repositoryId, digest, at)
    const isBack = known !== null && known.deletedAt !== null
    if (isBack) bringBack(db, known.id)
    if (tag !== null) pointTag(db, { repositoryId, name: tag, digest, eventAt: null, at })
    if (isBack) settle(db, repositoryId, at)
    const isScanned = mayScan(db, registryId, 'import') || mayScan(db, registryId, 'push')
    if (isScanned) enqueue(db, { repositoryId, digest, trigger: 'import', requestedBy }, at)
    return true
  })
}
