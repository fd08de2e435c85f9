import type { RuleCriteria, RuleEnd, RuleMatch, RuleReason, RuleScopeKind } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { occurrence } from './content.ts'
import { matchFact } from './findings.ts'

/** Disable rules, for which matches and where they hold: docs/decisions/0013-rules-by-place.md. */

/** A rule as it was saved: a change ends one row and begins another, so what held when can be told later. */
export const disableRule = sqliteTable(
  'disable_rule',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** What people know the rule by, through all its changes. */
    number: integer().notNull(),
    name: text().notNull(),
    scopeKind: text().$type<RuleScopeKind>().notNull(),
    scopeId: text().notNull(),
    repositoryPattern: text(),
    tagPattern: text(),
    digest: text(),
    criteriaMatch: text().$type<RuleMatch>().notNull().default('any'),
    criteria: text({ mode: 'json' }).$type<RuleCriteria>().notNull(),
    overrides: integer({ mode: 'boolean' }).notNull().default(false),
    untilFixed: integer({ mode: 'boolean' }).notNull().default(false),
    reason: text().$type<RuleReason>(),
    justification: text().notNull(),
    owner: text().notNull().default(''),
    expiresAt: text(),
    origin: text().$type<'portal' | 'policy'>().notNull().default('portal'),
    savedBy: text().notNull(),
    savedAt: text().notNull(),
    /** Which matches it holds for has been worked out; it does not hold before that. */
    judged: integer({ mode: 'boolean' }).notNull().default(false),
    endedAt: text(),
    /** Null where nobody did it. */
    endedBy: text(),
    end: text().$type<RuleEnd>(),
  },
  t => [
    index('disable_rule_number').on(t.number),
    index('disable_rule_scope').on(t.scopeKind, t.scopeId).where(sql`ended_at is null`),
    index('disable_rule_live').on(t.id).where(sql`ended_at is null`),
  ],
)

/** Which matches a rule's criteria hold for: worked out when either of the two is new, so that lists only look it up. */
export const disableRuleMatch = sqliteTable(
  'disable_rule_match',
  {
    ruleId: integer()
      .notNull()
      .references(() => disableRule.id, { onDelete: 'cascade' }),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
  },
  t => [
    primaryKey({ columns: [t.ruleId, t.matchId] }),
    index('disable_rule_match_match').on(t.matchId, t.ruleId),
  ],
)

/** Rules that hold in one place together. Few sets serve all occurrences; one never changes. */
export const ruleSet = sqliteTable('rule_set', {
  id: integer().primaryKey(),
  /** The ids of its rules in their order, with commas. */
  rules: text().notNull().unique(),
})

export const ruleSetRule = sqliteTable(
  'rule_set_rule',
  {
    setId: integer()
      .notNull()
      .references(() => ruleSet.id),
    ruleId: integer()
      .notNull()
      .references(() => disableRule.id),
  },
  t => [primaryKey({ columns: [t.setId, t.ruleId] }), index('rule_set_rule_rule').on(t.ruleId, t.setId)],
)

/** From when on which rules held for an occurrence; null: none. The newest is copied to the occurrence. */
export const ruleSetChange = sqliteTable(
  'rule_set_change',
  {
    id: integer().primaryKey(),
    occurrenceId: integer()
      .notNull()
      .references(() => occurrence.id, { onDelete: 'cascade' }),
    setId: integer().references(() => ruleSet.id),
    at: text().notNull(),
  },
  t => [index('rule_set_change_occurrence').on(t.occurrenceId, t.id)],
)

/**
 * What a rule disables in an occurrence, be it with others: findings of class `security`. Written with the occurrence's
 * posture; a rule that disables nothing there has no row.
 */
export const ruleEffect = sqliteTable(
  'rule_effect',
  {
    occurrenceId: integer()
      .notNull()
      .references(() => occurrence.id, { onDelete: 'cascade' }),
    ruleId: integer()
      .notNull()
      .references(() => disableRule.id, { onDelete: 'cascade' }),
    disables: integer().notNull(),
    /** When the newest of them was first seen. */
    newestAt: text().notNull(),
  },
  t => [
    primaryKey({ columns: [t.occurrenceId, t.ruleId] }),
    // What sums over a rule's images are read from.
    index('rule_effect_rule').on(t.ruleId, t.occurrenceId, t.disables, t.newestAt),
  ],
)
