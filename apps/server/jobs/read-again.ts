import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { readerVersion } from './inventory.ts'
import { enqueue } from './queue.ts'

/** A write transaction of this many scans stays well under 50 ms. */
const chunkSize = 200

/**
 * Asks for the images that an older version read to be read again, some at a time: it told less of them, so what is
 * known is kept until the new result takes its place. Those whose plan is off wait until it is on. Between chunks others get their turn. An image in which it found
 * no package is no longer taken for clean: it may hold a database of a kind that was not known then.
 * @returns how many scans that are new.
 */
export async function askToReadAgain(db: Db, at: string, signal: AbortSignal): Promise<number> {
  const older = prepared(
    db,
    `select o.id, o.image_id imageId, o.repository_id repositoryId, o.digest
     from occurrence o join image i on i.id = o.image_id join repository rp on rp.id = o.repository_id
       join registry rg on rg.id = rp.registry_id join subscription sub on sub.id = rg.subscription_id
     where o.id > ? and sub.plan = 'on' and rg.removed_at is null and i.reader_version < ? and o.coverage_status <> 'not-scanned'
       and o.deleted_at is null and o.superseded_at is null
     order by o.id limit ${chunkSize}`,
  )
  let asked = 0
  for (let after = 0; !signal.aborted; ) {
    const chunk = older.all(after, readerVersion) as Older[]
    if (chunk.length === 0) break
    inTransaction(db, () => {
      for (const { id, imageId, repositoryId, digest } of chunk) {
        doubtEmpty(db, id, imageId)
        if (enqueue(db, { repositoryId, digest, trigger: 'reader-changed' }, at).isNew) asked += 1
      }
    })
    after = chunk.at(-1)?.id ?? after
    await new Promise(resolve => setImmediate(resolve))
  }
  return asked
}

interface Older {
  readonly id: number
  readonly imageId: number
  readonly repositoryId: number
  readonly digest: string
}

/** Takes back that an image without a package was read in full, both from its content and from its place. */
function doubtEmpty(db: Db, id: number, imageId: number): void {
  const doubted = (column: string) =>
    `${column} = json_set(${column}, '$.status', 'partial', '$.reasons', json_array(json(@reason)))`
  const reason = JSON.stringify({
    code: 'database-unreadable',
    message:
      'The version of Plimsoll that read this image found no package in it. It waits to be read again.',
  })
  prepared(
    db,
    `update occurrence set coverage_status = 'partial', ${doubted('coverage')}
     where id = @id and coverage_status = 'complete'
       and exists (select 1 from image i where i.id = image_id and i.package_count = 0)`,
  ).run({ id, reason })
  prepared(
    db,
    `update image set ${doubted('inventory_coverage')}
     where id = @imageId and package_count = 0 and inventory_coverage ->> 'status' = 'complete'`,
  ).run({ imageId, reason })
}
