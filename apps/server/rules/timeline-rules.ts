import type { RuleCriteria, RuleEnd, RuleMatch, RuleReason, TimelineRule } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { whereJudged } from '../findings/where-criteria.ts'

/** A rule as it was saved once. */
export interface StoredRule {
  readonly id: number
  readonly number: number
  readonly isThere: boolean
  readonly name: string
  readonly match: RuleMatch
  readonly criteria: RuleCriteria
  readonly overrides: boolean
  readonly untilFixed: boolean
  readonly reason: RuleReason | null
  readonly justification: string
  readonly expiresAt: string | null
  readonly savedBy: string
  readonly endedAt: string | null
  readonly endedBy: string | null
  readonly end: RuleEnd | null
}

/** The rules that ever held for a finding's image. */
export interface RulesOfFinding {
  /** Those of a set; of none, none. */
  inSet(setId: number | null): readonly StoredRule[]
  /** Those of them that are about the finding, with or without a fix for it. */
  disabling(setId: number | null, patchable: boolean): readonly StoredRule[]
}

export function rulesOfFinding(
  db: Db,
  { occurrenceId, matchId }: { readonly occurrenceId: number; readonly matchId: number },
): RulesOfFinding {
  const sets = prepared(
    db,
    `select rs.id, rs.rules from (select distinct set_id from rule_set_change where occurrence_id = ?) held
       join rule_set rs on rs.id = held.set_id`,
  ).all(occurrenceId) as { id: number; rules: string }[]
  const members = new Map(sets.map(({ id, rules }) => [id, rules.split(',').map(Number)]))
  const rules = new Map(storedRules(db, new Set([...members.values()].flat())).map(rule => [rule.id, rule]))
  const inSet = (setId: number | null): StoredRule[] =>
    (setId === null ? [] : (members.get(setId) ?? [])).flatMap(id => rules.get(id) ?? [])
  const isAbout = startJudging(db, matchId)
  return {
    inSet,
    disabling: (setId, patchable) => inSet(setId).filter(rule => isAbout(rule, patchable)),
  }
}

/** A rule may be in as many sets as there were changes of others; it is read once. */
const storedRules = (db: Db, ids: ReadonlySet<number>): StoredRule[] =>
  (
    prepared(
      db,
      `select dr.id, dr.number, dr.name, dr.criteria_match "match", dr.criteria, dr.overrides,
         dr.until_fixed untilFixed, dr.reason, dr.justification, dr.expires_at expiresAt, dr.saved_by savedBy,
         dr.ended_at endedAt, dr.ended_by endedBy, dr."end",
         (select newest."end" from disable_rule newest where newest.number = dr.number order by newest.id desc limit 1)
           is not 'deleted' isThere
       from json_each(?) j join disable_rule dr on dr.id = j.value order by dr.id`,
    ).all(JSON.stringify([...ids])) as RuleRow[]
  ).map(ruleOf)

interface RuleRow extends Omit<StoredRule, 'criteria' | 'overrides' | 'untilFixed' | 'isThere'> {
  readonly criteria: string
  readonly overrides: number
  readonly isThere: number
  readonly untilFixed: number
}

const ruleOf = ({ criteria, overrides, untilFixed, isThere, ...row }: RuleRow): StoredRule => ({
  ...row,
  criteria: JSON.parse(criteria) as RuleCriteria,
  overrides: overrides === 1,
  untilFixed: untilFixed === 1,
  isThere: isThere === 1,
})

/**
 * Whether a rule's criteria fit the match, if there were a fix for it or none. Rules are judged when they are asked about,
 * those that were saved with the same criteria over and over once.
 */
function startJudging(db: Db, matchId: number): (rule: StoredRule, patchable: boolean) => boolean {
  const matched = prepared(db, 'select rule_id from disable_rule_match where match_id = ?').pluck()
  const now = new Set(matched.all(matchId) as number[])
  const judged = new Map<string, boolean>()
  return (rule, patchable) => {
    const { id, endedAt, match, criteria, untilFixed } = rule
    // Of those that hold still it is known already, but for what a fix would change.
    if (endedAt === null && !untilFixed && !criteria.notPatchable) return now.has(id)
    return judged.getOrInsertComputed(JSON.stringify([patchable, untilFixed, match, criteria]), () =>
      fits(db, matchId, rule, patchable),
    )
  }
}

const dialect = new SQLiteSyncDialect()

/** Rules with the same criteria set, whatever they ask for, share a prepared statement: preparing takes the longest. */
function fits(db: Db, matchId: number, rule: StoredRule, patchable: boolean): boolean {
  const query = dialect.sqlToQuery(sql`
    select 1 from (
      select id, vulnerability_id, ecosystem, feed, severity_rank, cvss_v3, ${patchable ? 1 : 0} as patchable, search_text,
        category_folded, security_check_folded
      from match_fact where id = ${matchId}) m
    where ${whereJudged(rule)}`)
  return prepared(db, query.sql).get(...query.params) !== undefined
}

export const toldRule = (rule: StoredRule): TimelineRule => ({
  id: String(rule.number),
  isThere: rule.isThere,
  name: rule.name,
  savedBy: rule.savedBy,
  reason: rule.reason,
  justification: rule.justification,
  expiresAt: rule.expiresAt,
  untilFixed: rule.untilFixed,
})
