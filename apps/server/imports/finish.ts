import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { ensureRepository } from '../intake/places.ts'
import { pointTag } from '../intake/tags.ts'
import { enqueue } from '../jobs/queue.ts'
import { mayScan } from '../plans/plan.ts'
import type { RunningImport } from './queue.ts'

/**
 * What was imported is there: its tag is known and its scan asked for at once, whether or not the registry tells of it.
 * The push event that it may send says nothing new then.
 */
export function finishImport(
  db: Db,
  { id, registryId, repository, tag }: RunningImport,
  digest: string,
  at: string,
): void {
  inTransaction(db, () => {
    prepared(
      db,
      `update image_import set state = 'done', digest = ?, finished_at = ?, source_credentials = null,
         bytes_done = bytes_total
       where id = ? and state = 'running'`,
    ).run(digest, at, id)
    const repositoryId = ensureRepository(db, registryId, repository)
    if (tag !== null) pointTag(db, { repositoryId, name: tag, digest, eventAt: null, at })
    if (mayScan(db, registryId, 'import')) enqueue(db, { repositoryId, digest, trigger: 'import' }, at)
  })
}
