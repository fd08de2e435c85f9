import {
  type FindingFilter,
  type NewDisableRule,
  noSeverities,
  type RulePreview,
  severities,
  severityRank,
} from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { findingsChosenBy } from '../findings/list.ts'
import { inList } from '../findings/sql-lists.ts'
import { whereJudged } from '../findings/where-criteria.ts'
import { openFindings } from '../posture/counts.ts'
import { totals } from '../posture/recommendation.ts'
import {
  disabledAgainIn,
  disabledIn,
  type FindingGroup,
  knownExploited,
  reopenedIn,
  sampleOf,
} from './changed-findings.ts'
import { type ChangedPlace, changedPlaces } from './changed-places.ts'
import { healthAfter } from './health-after.ts'
import type { RuleChange } from './in-place.ts'
import { ruleNumber } from './rule.ts'

/** What is asked: what a new rule would do (`id` null), what new values of a rule would, or deleting it (`rule` null). */
export interface PreviewInput {
  readonly id: string | null
  readonly rule: NewDisableRule | null
  /** What the rule is meant for; null: nothing in particular. */
  readonly selection?: FindingFilter | null
}

/** A preview, with the ids of some of the findings that would be disabled. */
export interface PreviewWithSample {
  readonly preview: RulePreview
  readonly sample: readonly number[]
}

/**
 * What a change of the rules would do to findings, images and score. Goes over all findings that the rule matches, by
 * the statements that decide what rules do when they are applied.
 */
export function previewChange(
  db: Db,
  { id, rule, selection = null }: PreviewInput,
  now: Date,
): PreviewWithSample {
  const change: RuleChange = {
    add: rule === null ? null : { ...rule.scope, overrides: rule.overrides },
    remove: id === null ? null : ruleNumber(id),
  }
  const chosen = rule === null ? [] : matchesOf(db, rule)
  const places = changedPlaces(db, change, now)
  const groups = [disabledIn, disabledAgainIn, reopenedIn].flatMap(of => of(db, places, chosen))
  const sum = (of: (group: FindingGroup) => boolean): number =>
    groups.filter(of).reduce((total, { findings }) => total + findings, 0)
  const bySeverity = noSeverities()
  for (const severity of severities) {
    bySeverity[severity] = sum(({ kind, rank }) => kind === 'disabled' && rank === severityRank[severity])
  }
  const { findings } = totals(db)
  return {
    preview: {
      disables: sum(({ kind }) => kind === 'disabled'),
      bySeverity,
      reopens: sum(({ kind }) => kind === 'reopened'),
      alreadyDisabled: sum(({ kind }) => kind === 'already'),
      knownExploited: knownExploited(db, places, chosen),
      openTotal: openFindings(findings),
      openCritical: findings.open.Critical,
      ...healthAfter(db, groups),
      selection: selection && disabledOf(db, selection, places, chosen),
      overridden: overriddenBy(db, places, change),
    },
    sample: sampleOf(db, groups, chosen),
  }
}

/** Of chosen findings, those that would be disabled. */
function disabledOf(
  db: Db,
  selection: FindingFilter,
  places: readonly ChangedPlace[],
  matches: readonly number[],
): RulePreview['selection'] {
  const added = places.filter(place => place.added).map(({ occurrenceId }) => occurrenceId)
  const { from, where } = findingsChosenBy(db, selection)
  return db.get(sql`
    select count(*) as findings,
      coalesce(sum(${inList(sql`f.match_id`, matches)} and ${inList(sql`f.occurrence_id`, added)}), 0) as disables
    ${from} where ${where}`)
}

/** The matches whose findings a rule is about, as applying it judges them. */
const matchesOf = (db: Db, rule: NewDisableRule): number[] =>
  db.all<{ id: number }>(sql`select m.id from match_fact m where ${whereJudged(rule)}`).map(({ id }) => id)

/** The rule that is changed itself holds no more in its old form, which is not what is meant. */
function overriddenBy(
  db: Db,
  places: readonly ChangedPlace[],
  { remove }: RuleChange,
): RulePreview['overridden'] {
  const ids = new Set(places.filter(({ added }) => added).flatMap(({ lost }) => lost))
  return prepared(
    db,
    `select distinct '' || dr.number id, dr.name from json_each(?) j join disable_rule dr on dr.id = j.value
     where dr.number is not ? order by dr.id`,
  ).all(JSON.stringify([...ids]), remove) as RulePreview['overridden']
}
