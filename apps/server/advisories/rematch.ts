import { match } from '@plimsoll/engine'
import { chargeFor, isAssessed } from '../billing/charge.ts'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { recordFindings } from '../findings/record.ts'
import { settle } from '../intake/superseding.ts'
import { loadInventory } from '../jobs/inventory.ts'
import { generationOf } from './generation.ts'
import { advisoryLookup } from './lookup.ts'
import { everyName } from './store.ts'

/**
 * Works out which images the noted changes concern, and asks for those to be matched again. The long reading is done
 * outside the transaction: only the thread that imports notes changes, and it is this one.
 */
export function askForRematches(db: Db): number {
  const images = `
    join image_package ip on ip.package_id = pk.id
    join occurrence o on o.image_id = ip.image_id and o.deleted_at is null and o.superseded_at is null
    join repository rp on rp.id = o.repository_id
    join registry rg on rg.id = rp.registry_id
      and c.source = iif(rg.kind = 'demonstration', 'demonstration', 'osv')`
  // The packages of a release are judged by each of its feeds. Changes of a CVE's facts are noted by source packages,
  // whatever the feed names.
  const packages =
    'advisory_change c join release_feed rf on rf.feed = c.feed join package pk on pk.feed = rf.release'
  const concerned = prepared(
    db,
    `select o.id from ${packages} and pk.source_name = c.name ${images}
     union
     select o.id from ${packages} and pk.name = c.name ${images} where rf.names <> 'source'
     union
     select o.id from ${packages} ${images} where c.name = '${everyName}'`,
  )
    .pluck()
    .all() as number[]
  inTransaction(db, () => {
    const ask = prepared(db, 'insert into rematch (occurrence_id) values (?) on conflict do nothing')
    for (const id of concerned) ask.run(id)
    prepared(db, 'delete from advisory_change').run()
  })
  return concerned.length
}

/**
 * Matches one image again from its stored inventory: nothing is pulled. @returns false when none waits.
 * @param at ISO 8601, for findings that open or close.
 */
export function rematchNext(db: Db, at: string): boolean {
  const waiting = prepared(
    db,
    `select r.occurrence_id id, o.image_id imageId, o.repository_id repositoryId, o.scanned_at scannedAt,
       o.deleted_at is not null or o.superseded_at is not null
         or o.coverage_status in ('not-scanned', 'not-applicable') unneeded,
       o.coverage_status = 'partial' and json_array_length(o.coverage, '$.feeds') = 0 unjudged,
       iif(rg.kind = 'demonstration', 'demonstration', 'osv') source
     from rematch r join occurrence o on o.id = r.occurrence_id
       join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id limit 1`,
  ).get() as Waiting | undefined
  if (waiting === undefined) return false
  const generation = generationOf(db, waiting.source)
  const inventory =
    waiting.unneeded === 1 || waiting.imageId === null ? null : loadInventory(db, waiting.imageId)
  const lookup = advisoryLookup(db, waiting.source)
  const result =
    inventory === null ? null : match(inventory, lookup, { today: at.slice(0, 'yyyy-mm-dd'.length) })
  inTransaction(db, () => {
    if (inventory !== null && result !== null) {
      const { changes } = prepared(
        db,
        `update occurrence set coverage_status = ?, coverage = ?, matched_at = ?
         where id = ? and scanned_at = ? and deleted_at is null and superseded_at is null`,
      ).run(result.coverage.status, JSON.stringify(result.coverage), at, waiting.id, waiting.scannedAt)
      // Otherwise it was scanned or taken out in the meantime: that counts, and is looked at again.
      if (changes === 0) return
      recordFindings(db, waiting.id, result.findings, inventory.packages, at)
      // The first result that says something, of what was read before there were advisories for it.
      if (waiting.unjudged === 1 && isAssessed(result.coverage)) chargeFor(db, waiting.id, at)
      settle(db, waiting.repositoryId, at)
    }
    if (generationOf(db, waiting.source) === generation) {
      prepared(db, 'delete from rematch where occurrence_id = ?').run(waiting.id)
    }
  })
  return true
}

interface Waiting {
  readonly id: number
  readonly imageId: number | null
  readonly repositoryId: number
  readonly scannedAt: string | null
  readonly unneeded: number
  readonly unjudged: number
  readonly source: AdvisorySource
}
