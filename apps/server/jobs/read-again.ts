import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { readerVersion } from './inventory.ts'
import { enqueue } from './queue.ts'

/** A write transaction of this many scans stays well under 50 ms. */
const chunkSize = 200

/**
 * Asks for the images that an older version read to be read again, some at a time: it told less of them, so what is
 * known is kept until the new result takes its place. Between chunks others get their turn.
 * @returns how many scans that are new.
 */
export async function askToReadAgain(db: Db, at: string, signal: AbortSignal): Promise<number> {
  const older = prepared(
    db,
    `select o.id, o.repository_id repositoryId, o.digest
     from occurrence o join image i on i.id = o.image_id
     where o.id > ? and i.reader_version < ? and o.coverage_status <> 'not-scanned'
       and o.deleted_at is null and o.superseded_at is null
     order by o.id limit ${chunkSize}`,
  )
  let asked = 0
  for (let after = 0; !signal.aborted; ) {
    const chunk = older.all(after, readerVersion) as { id: number; repositoryId: number; digest: string }[]
    if (chunk.length === 0) break
    inTransaction(db, () => {
      for (const { repositoryId, digest } of chunk) {
        if (enqueue(db, { repositoryId, digest, trigger: 'reader-changed' }, at).isNew) asked += 1
      }
    })
    after = chunk.at(-1)?.id ?? after
    await new Promise(resolve => setImmediate(resolve))
  }
  return asked
}
