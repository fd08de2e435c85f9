import type { Advisory, CveFacts } from '@plimsoll/engine'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Advisories. `source` keeps the demonstration's snapshot and the imported feeds apart. */

export const advisorySource = sqliteTable('advisory_source', {
  source: text().$type<AdvisorySource>().primaryKey(),
  location: text().notNull(),
  /** Of the last import that went to its end; empty before the first. */
  importedAt: text().notNull(),
  /** Why the last import did not go to its end, for people; null when it did. */
  error: text(),
  failedAt: text(),
  /** Counts the changes of its records: a result matched under an older one is matched again before it is kept. */
  generation: integer().notNull().default(0),
  /** The generation at which `alias` was worked out from its records; -1 when it never was. */
  aliasGeneration: integer().notNull().default(-1),
})
export type AdvisorySource = 'demonstration' | 'osv'

export const advisory = sqliteTable(
  'advisory',
  {
    id: integer().primaryKey(),
    source: text().$type<AdvisorySource>().notNull(),
    advisoryId: text().notNull(),
    /** The ecosystem folder it came from, so that what a later import lacks can be told from what it never covered. */
    folder: text().notNull(),
    /** SHA-256 of the record as stored. */
    hash: text().notNull(),
    modifiedAt: text(),
    withdrawnAt: text(),
    record: text({ mode: 'json' }).$type<Advisory>().notNull(),
  },
  t => [
    uniqueIndex('advisory_identity').on(t.source, t.advisoryId),
    index('advisory_folder').on(t.source, t.folder),
  ],
)

/** Which record names which package of which feed; `position` is the place in the record's `affected`. */
export const advisoryAffected = sqliteTable(
  'advisory_affected',
  {
    source: text().$type<AdvisorySource>().notNull(),
    feed: text().notNull(),
    name: text().notNull(),
    advisoryId: integer()
      .notNull()
      .references(() => advisory.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
  },
  t => [
    primaryKey({ columns: [t.source, t.feed, t.name, t.advisoryId, t.position] }),
    index('advisory_affected_advisory').on(t.advisoryId),
  ],
)

/**
 * Ids that stand for a vulnerability, beside the one it goes by: `name` is one more name of it, `about` is a bundle
 * (DSA, USN, RHSA) that is about several, `withdrawn` a record that was taken back and named that id: it says nothing
 * any more, and is found when someone asks. An id that is not here stands for itself.
 */
export const alias = sqliteTable(
  'alias',
  {
    source: text().$type<AdvisorySource>().notNull(),
    id: text().notNull(),
    canonical: text().notNull(),
    kind: text().$type<'name' | 'about' | 'withdrawn'>().notNull(),
  },
  t => [
    // The source chooses next to nothing, and last it misleads no plan.
    primaryKey({ columns: [t.id, t.canonical, t.source] }),
    index('alias_canonical').on(t.canonical, t.kind, t.source, t.id),
  ],
)

export const cveFact = sqliteTable(
  'cve_fact',
  {
    source: text().$type<AdvisorySource>().notNull(),
    cveId: text().notNull(),
    hash: text().notNull(),
    record: text({ mode: 'json' }).$type<CveFacts>().notNull(),
  },
  t => [primaryKey({ columns: [t.source, t.cveId] })],
)

export const feed = sqliteTable(
  'feed',
  {
    source: text().$type<AdvisorySource>().notNull(),
    feed: text().notNull(),
    advisories: integer().notNull(),
    /** Newest `modified` among its records. */
    asOf: text(),
    importedAt: text().notNull(),
  },
  t => [primaryKey({ columns: [t.source, t.feed] })],
)

/** Packages that an import changed something about and whose images are not matched again yet. `*` is every name. */
export const advisoryChange = sqliteTable(
  'advisory_change',
  { source: text().$type<AdvisorySource>().notNull(), feed: text().notNull(), name: text().notNull() },
  t => [primaryKey({ columns: [t.source, t.feed, t.name] })],
)
