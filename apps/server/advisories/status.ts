import type { AdvisoryImport, FeedStatus } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** How importing went, from each source of which there was an attempt. */
export function listImports(db: Db): AdvisoryImport[] {
  return prepared(
    db,
    `select source, location, nullif(imported_at, '') importedAt, error, failed_at failedAt
     from advisory_source order by source desc`,
  ).all() as AdvisoryImport[]
}

/** `Alpine:v3.2` comes before `Alpine:v3.19`. */
const byNumbers = new Intl.Collator('en', { numeric: true })

/** The feeds there are advisories of, those of imported data first, then by name and release. */
export function listFeeds(db: Db): FeedStatus[] {
  const rows = prepared(
    db,
    `select f.feed, f.advisories, f.as_of asOf, f.source, f.imported_at importedAt, s.location
     from feed f join advisory_source s on s.source = f.source`,
  ).all() as FeedStatus[]
  return rows.toSorted((a, b) => byNumbers.compare(b.source, a.source) || byNumbers.compare(a.feed, b.feed))
}
