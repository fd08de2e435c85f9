import type { CloseReason, FindingClass, Match } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { occurrence } from './content.ts'

/** Findings, and the counts of them. */

/** Occurrences to match again from their stored inventory. */
export const rematch = sqliteTable('rematch', {
  occurrenceId: integer()
    .primaryKey()
    .references(() => occurrence.id, { onDelete: 'cascade' }),
})

/**
 * A match as the engine works it out, stored once however many occurrences have it. Rules judge these, not findings:
 * all that a criterion asks for is here.
 */
export const matchFact = sqliteTable(
  'match_fact',
  {
    id: integer().primaryKey(),
    /** SHA-256 of the record. */
    hash: text().notNull().unique(),
    vulnerabilityId: text().notNull(),
    /** The id with its numbers padded, so that CVE-2024-999 sorts before CVE-2024-10000. */
    vulnerabilityOrder: text().notNull(),
    ecosystem: text().notNull(),
    feed: text().notNull(),
    sourceName: text().notNull(),
    sourceVersion: text().notNull(),
    state: text().$type<'open' | 'undetermined'>().notNull(),
    severityRank: integer().notNull(),
    cvssV3: real('cvss_v3'),
    patchable: integer({ mode: 'boolean' }).notNull(),
    category: text().notNull(),
    securityCheck: text().notNull(),
    publishedAt: text(),
    /** Lower-case; what free text and package names are looked for in. Its form is findings/search-text.ts's. */
    searchText: text().notNull(),
    categoryFolded: text().notNull(),
    securityCheckFolded: text().notNull(),
    record: text({ mode: 'json' }).$type<Match>().notNull(),
  },
  t => [
    index('match_fact_check').on(t.vulnerabilityId, t.securityCheck),
    // All that criteria of rules and free text look at: going over the matches themselves reads their records too.
    index('match_fact_judged').on(
      t.severityRank,
      t.patchable,
      t.cvssV3,
      t.ecosystem,
      t.feed,
      t.vulnerabilityId,
      t.categoryFolded,
      t.securityCheckFolded,
      t.searchText,
    ),
    // One for each order that lists of findings have.
    index('match_fact_vulnerability_order').on(t.vulnerabilityOrder),
    index('match_fact_source').on(t.sourceName),
    index('match_fact_cvss').on(t.cvssV3),
    index('match_fact_cvss_up').on(sql`cvss_v3 is null`, t.cvssV3),
    index('match_fact_published').on(t.publishedAt),
  ],
)

/** The CVEs of a match, upper-case. */
export const matchCve = sqliteTable(
  'match_cve',
  {
    cve: text().notNull(),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
  },
  t => [primaryKey({ columns: [t.cve, t.matchId] }), index('match_cve_match').on(t.matchId)],
)

/** The layers (diffIDs) that brought the packages of a match. */
export const matchLayer = sqliteTable(
  'match_layer',
  {
    layer: text().notNull(),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
  },
  t => [primaryKey({ columns: [t.layer, t.matchId] }), index('match_layer_match').on(t.matchId)],
)

/**
 * What `kev` and `epss` say of a match's vulnerability, for choosing and ordering. A row for each match; an import of
 * the lists brings them up to date. Apart from the matches, whose rows are wide and do not change with the days.
 */
export const matchThreat = sqliteTable(
  'match_threat',
  {
    matchId: integer()
      .primaryKey()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
    kev: integer({ mode: 'boolean' }).notNull(),
    epss: real(),
  },
  t => [index('match_threat_epss').on(t.epss), index('match_threat_kev').on(t.kev)],
)

/** Columns after `matchId` that stand in the match too are copies for the indexes that lists and counts are read from. */
export const finding = sqliteTable(
  'finding',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    occurrenceId: integer()
      .notNull()
      .references(() => occurrence.id),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id),
    state: text().$type<'open' | 'undetermined' | 'closed'>().notNull(),
    class: text().$type<FindingClass>().notNull(),
    severityRank: integer().notNull(),
    patchable: integer({ mode: 'boolean' }).notNull(),
    firstSeenAt: text().notNull(),
    closedAt: text(),
    closeReason: text().$type<CloseReason>(),
  },
  t => [
    uniqueIndex('finding_identity').on(t.occurrenceId, t.matchId),
    index('finding_counts').on(t.occurrenceId, t.state, t.class, t.severityRank, t.patchable, t.matchId),
    index('finding_match').on(t.matchId, t.state, t.occurrenceId, t.class, t.severityRank, t.patchable),
    index('finding_order').on(t.state, t.class, t.severityRank, t.id),
  ],
)

/**
 * What a finding's own row does not tell any more: that it was closed once, and that a fix came or went. Rare, since a
 * row is written only when a closed finding is there again, or another match takes the place of its match.
 */
export const findingChange = sqliteTable(
  'finding_change',
  {
    id: integer().primaryKey(),
    findingId: integer()
      .notNull()
      .references(() => finding.id, { onDelete: 'cascade' }),
    at: text().notNull(),
    /** Whether there was a free fix before. */
    patchableBefore: integer({ mode: 'boolean' }).notNull(),
    /** When and why it was closed before; null: it was not. */
    closedAt: text(),
    closeReason: text().$type<CloseReason>(),
  },
  t => [index('finding_change_finding').on(t.findingId, t.id)],
)

/** Counts of an occurrence's findings, written in the transaction that changes a finding or a rule. */
export const posture = sqliteTable('posture', {
  occurrenceId: integer()
    .primaryKey()
    .references(() => occurrence.id, { onDelete: 'cascade' }),
  openCritical: integer().notNull(),
  openHigh: integer().notNull(),
  openMedium: integer().notNull(),
  openLow: integer().notNull(),
  openUnknown: integer().notNull(),
  patchableCritical: integer().notNull(),
  patchableHigh: integer().notNull(),
  patchableMedium: integer().notNull(),
  patchableLow: integer().notNull(),
  patchableUnknown: integer().notNull(),
  disabled: integer().notNull(),
  undetermined: integer().notNull(),
  unimportant: integer().notNull(),
  kernelHeaders: integer().notNull(),
})
