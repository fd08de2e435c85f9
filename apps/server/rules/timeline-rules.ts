import type { RuleCriteria, RuleEnd, RuleMatch, RuleReason, TimelineRule } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
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
  const rows = prepared(
    db,
    `select sr.set_id setId, dr.id, dr.number, dr.name, dr.criteria_match "match", dr.criteria, dr.overrides,
       dr.until_fixed untilFixed, dr.reason, dr.justification, dr.expires_at expiresAt, dr.saved_by savedBy,
       dr.ended_at endedAt, dr.ended_by endedBy, dr."end",
       not exists (select 1 from disable_rule gone where gone.number = dr.number and gone."end" = 'deleted') isThere
     from (select distinct set_id from rule_set_change where occurrence_id = ? and set_id is not null) held
       join rule_set_rule sr on sr.set_id = held.set_id join disable_rule dr on dr.id = sr.rule_id
     order by dr.id`,
  ).all(occurrenceId) as RuleRow[]
  const rules = new Map(rows.map(row => [row.id, ruleOf(row)]))
  const sets = Map.groupBy(rows, row => row.setId)
  const inSet = (setId: number | null): StoredRule[] =>
    (setId === null ? [] : (sets.get(setId) ?? [])).flatMap(({ id }) => rules.get(id) ?? [])
  const about = rulesAbout(db, matchId, [...rules.values()])
  return {
    inSet,
    disabling: (setId, patchable) => inSet(setId).filter(({ id }) => about[`${patchable}`].has(id)),
  }
}

interface RuleRow extends Omit<StoredRule, 'criteria' | 'overrides' | 'untilFixed' | 'isThere'> {
  readonly setId: number
  readonly criteria: string
  readonly overrides: number
  readonly isThere: number
  readonly untilFixed: number
}

const ruleOf = ({
  setId: _setId,
  criteria,
  overrides,
  untilFixed,
  isThere,
  ...row
}: RuleRow): StoredRule => ({
  ...row,
  criteria: JSON.parse(criteria) as RuleCriteria,
  overrides: overrides === 1,
  untilFixed: untilFixed === 1,
  isThere: isThere === 1,
})

/** Conditions that one statement asks of a match. */
const together = 40

/** The ids of the rules whose criteria the match fits, if there were a fix for it and if there were none. */
function rulesAbout(
  db: Db,
  matchId: number,
  all: readonly StoredRule[],
): { readonly true: ReadonlySet<number>; readonly false: ReadonlySet<number> } {
  // Of those that hold still it is known already, but for what a fix would change.
  const isKnown = ({ endedAt, untilFixed, criteria }: StoredRule): boolean =>
    endedAt === null && !untilFixed && !criteria.notPatchable
  const matched = prepared(db, 'select rule_id from disable_rule_match where match_id = ?').pluck()
  const now = new Set(matched.all(matchId) as number[])
  const known = all.filter(rule => isKnown(rule) && now.has(rule.id)).map(({ id }) => id)
  const about = { true: new Set(known), false: new Set(known) }
  const rules = all.filter(rule => !isKnown(rule))
  for (let from = 0; from < rules.length; from += together) {
    const chunk = rules.slice(from, from + together)
    const conditions = sql.join(
      chunk.map(rule => sql`(${whereJudged(rule)})`),
      sql`, `,
    )
    const rows = db.all<{ patchable: number; fit: string }>(sql`
      select m.patchable, json_array(${conditions}) as fit from (
        select id, vulnerability_id, ecosystem, feed, severity_rank, cvss_v3, fix.patchable, search_text,
          category_folded, security_check_folded
        from match_fact, (select 0 as patchable union all select 1) fix where id = ${matchId}) m`)
    for (const { patchable, fit } of rows) {
      const held = JSON.parse(fit) as (number | null)[]
      const ids = about[patchable === 1 ? 'true' : 'false']
      for (const [index, { id }] of chunk.entries()) if (held[index] === 1) ids.add(id)
    }
  }
  return about
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
