import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { AdvisorySource } from './advisories.ts'

/** What is known of attacks: facts about CVEs, whatever image has them, so these lists know no source of advisories. */

export const kev = sqliteTable('kev', {
  cve: text().primaryKey(),
  addedOn: text().notNull(),
  dueOn: text(),
  ransomware: integer({ mode: 'boolean' }).notNull(),
  requiredAction: text(),
})

export const epss = sqliteTable('epss', {
  cve: text().primaryKey(),
  probability: real().notNull(),
  percentile: real().notNull(),
})

/** The lists that were imported. An imported one takes the place of the demonstration's, never the other way. */
export const threatList = sqliteTable('threat_list', {
  name: text().$type<'kev' | 'epss'>().primaryKey(),
  source: text().$type<AdvisorySource>().notNull(),
  /** The list's own day, `2024-03-29`; null when it does not say. */
  asOf: text(),
  entries: integer().notNull(),
  importedAt: text().notNull(),
})
