import { setImmediate } from 'node:timers/promises'
import { type FindingChoice, type ScanSkip, type ScansAsked, scanSkips } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { chosenFindings } from '../findings/choice.ts'
import type { HeavyReads } from '../posture/heavy-reads.ts'
import { enqueue } from './queue.ts'
import { chunkSize, type RequestDeps } from './request.ts'

/** Has the images of chosen findings read again. */

/** The images that chosen findings are in. */
export interface ImagesOfChosen {
  /** The ids of those that can be scanned. */
  readonly images: readonly number[]
  readonly scans: ScansAsked
}

const skip = `case when o.deleted_at is not null or o.superseded_at is not null or rg.removed_at is not null then 'gone'
  when sub.plan = 'off' then 'plan-off' end`

export function imagesOfChosen(db: Db, choice: FindingChoice): ImagesOfChosen {
  const { from, where } = chosenFindings(db, choice)
  const rows = db.all<{ id: number; skip: ScanSkip | null }>(sql`
    select o.id, ${sql.raw(skip)} as skip
    from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
      join subscription sub on sub.id = rg.subscription_id
    where o.id in (select f.occurrence_id ${from} where ${where}) order by o.id`)
  const images = rows.filter(row => row.skip === null).map(({ id }) => id)
  const skipped = scanSkips
    .map(reason => ({ reason, images: rows.filter(row => row.skip === reason).length }))
    .filter(each => each.images > 0)
  return { images, scans: { asked: images.length, skipped } }
}

/** What asking for all of them would come to. */
export const scansOfChosen = (db: Db, choice: FindingChoice): ScansAsked => imagesOfChosen(db, choice).scans

/**
 * Asks for each of them to be scanned that can be. Nobody waits for each, so pushes and single requests overtake them.
 * @returns how many; those that wait or run already count too.
 */
export async function requestScansOfChosen(
  choice: FindingChoice,
  {
    db,
    events,
    viewer,
    wakeRunner,
    heavyReads,
  }: RequestDeps & { readonly heavyReads: Pick<HeavyReads, 'imagesOfChosen'> },
): Promise<ScansAsked> {
  const { images, scans } = await heavyReads.imagesOfChosen(choice)
  const found = prepared(db, 'select repository_id repositoryId, digest from occurrence where id = ?')
  for (let from = 0; from < images.length; from += chunkSize) {
    const at = new Date().toISOString()
    inTransaction(db, () => {
      for (const id of images.slice(from, from + chunkSize)) {
        const image = found.get(id) as { repositoryId: number; digest: string } | undefined
        if (image === undefined) continue
        enqueue(db, { ...image, trigger: 'request', lane: 1, requestedBy: viewer.name }, at)
      }
    })
    await setImmediate()
  }
  if (images.length > 0) events.publish({ type: 'changed', what: 'images' })
  wakeRunner()
  return scans
}
