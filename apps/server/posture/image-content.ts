import type { Coverage, Distro, Layer, Platform } from '@plimsoll/types'
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { image, occurrence } from '../db/schema.ts'
import { coverageOf, type StoredCoverage } from '../db/stored-coverage.ts'

/** What an image row says of its content, in the vocabulary of the API. */

export function platformOf(row: {
  os: string | null
  architecture: string | null
  variant: string | null
  osVersion: string | null
}): Platform | null {
  if (row.os === null || row.architecture === null) return null
  return {
    os: row.os,
    architecture: row.architecture,
    ...(row.variant === null ? {} : { variant: row.variant }),
    ...(row.osVersion === null ? {} : { osVersion: row.osVersion }),
  }
}

export function distroOf(db: Db, imageId: number | null): Distro | null {
  if (imageId === null) return null
  return db.select({ distro: image.distro }).from(image).where(eq(image.id, imageId)).get()?.distro ?? null
}

export function layersOf(db: Db, imageId: number | null): Layer[] {
  if (imageId === null) return []
  const row = db.select({ layers: image.layers }).from(image).where(eq(image.id, imageId)).get()
  return [...(row?.layers ?? [])]
}

/**
 * The coverage ledger of an occurrence. Its feeds are given as they are now: after an import every image that has
 * something to do with what changed is matched again, so the result holds for the newest.
 */
export function ledgerOf(db: Db, occurrenceId: number): Coverage {
  const row = db
    .select({ coverage: occurrence.coverage })
    .from(occurrence)
    .where(eq(occurrence.id, occurrenceId))
    .get()
  const coverage = coverageOf(row?.coverage ?? notScanned)
  return { ...coverage, feeds: coverage.feeds.map(used => feedNow(db, occurrenceId, used.feed) ?? used) }
}

const notScanned: StoredCoverage = { status: 'not-scanned', reasons: [], packages: {}, feeds: [] }

function feedNow(db: Db, occurrenceId: number, feed: string): Coverage['feeds'][number] | undefined {
  return db.get<Coverage['feeds'][number] | undefined>(sql`
    select f.feed, f.advisories, f.as_of as "asOf"
    from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
      join feed f on f.source = iif(rg.kind = 'demonstration', 'demonstration', 'osv')
    where o.id = ${occurrenceId} and f.feed = ${feed}`)
}
