import type { ScoreCauseKind } from '@plimsoll/types'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** How the secure score came about: a row for each day and registry, and what made it change. Kept for a year. */

/** As a registry stood at the end of a day, or, of the day that it is, when it was last looked at. */
export const scoreSnapshot = sqliteTable(
  'score_snapshot',
  {
    /** In UTC, `2024-03-29`. */
    day: text().notNull(),
    /** That it was in on that day. */
    subscriptionId: text().notNull(),
    /** Empty: all registries of the subscription together, as days were written down before they were told apart. */
    registryId: text().notNull().default(''),
    registriesUnhealthy: integer().notNull(),
    registriesHealthy: integer().notNull(),
    registriesNotApplicable: integer().notNull(),
    imagesUnhealthy: integer().notNull(),
    imagesHealthy: integer().notNull(),
    imagesUndecided: integer().notNull(),
    imagesNotApplicable: integer().notNull(),
    imagesNotScanned: integer().notNull(),
    imagesFailed: integer().notNull(),
    openCritical: integer().notNull(),
    openHigh: integer().notNull(),
    openMedium: integer().notNull(),
    openLow: integer().notNull(),
    openUnknown: integer().notNull(),
    /** Of the open findings, those with a free fix. */
    fixable: integer().notNull(),
    disabled: integer().notNull(),
  },
  t => [primaryKey({ columns: [t.day, t.subscriptionId, t.registryId] })],
)

/** What is stored nowhere else of what may have changed the score; disable rules tell of themselves. */
export const scoreCause = sqliteTable(
  'score_cause',
  {
    id: integer().primaryKey(),
    at: text().notNull(),
    kind: text().$type<ScoreCauseKind>().notNull(),
    /** Of the registry or subscription; null for advisories. */
    subjectId: text(),
    /** The subscriptions that a registry was in before and after, since that is noted. */
    subscriptionIds: text({ mode: 'json' }).$type<readonly string[]>(),
    /** What it was called then. */
    name: text().notNull(),
    /** Null where nobody did it. */
    by: text(),
  },
  t => [index('score_cause_at').on(t.at)],
)
