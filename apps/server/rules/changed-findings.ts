import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { ChangedPlace } from './changed-places.ts'

const sampleSize = 20

/** Findings of one image, state and severity that a change does the same to. */
export interface FindingGroup {
  readonly occurrenceId: number
  readonly kind: 'disabled' | 'already' | 'reopened'
  readonly state: 'open' | 'undetermined'
  readonly rank: number
  readonly findings: number
}

const disabledNow = `exists (select 1 from disable_rule_match dm join rule_set_rule sr on sr.rule_id = dm.rule_id
  where dm.match_id = f.match_id and sr.set_id = o.rule_set_id)`

/** Fewer images than this are gone over one by one, whatever is chosen. */
const fewPlaces = 1000

/**
 * What the rule that is added disables, or would if others did not. Findings are read image by image, in the order of
 * the index that they are counted from; or match by match, where few of all matches are chosen.
 */
export function disabledIn(
  db: Db,
  places: readonly ChangedPlace[],
  chosen: readonly number[],
): FindingGroup[] {
  const added = places.filter(({ added: holds }) => holds).map(({ occurrenceId }) => occurrenceId)
  if (chosen.length === 0 || added.length === 0) return []
  const all = prepared(db, 'select count(*) from match_threat').pluck().get() as number
  const from = added.length < fewPlaces || chosen.length * 8 > all ? byPlace : byMatch
  const parameters = { chosen: JSON.stringify(chosen), places: JSON.stringify(added) }
  const rows = (['open', 'undetermined'] as const).flatMap(
    state =>
      prepared(db, from).all({ ...parameters, state }) as {
        occurrenceId: number
        rank: number
        findings: number
        already: number
        state: FindingGroup['state']
      }[],
  )
  return rows.flatMap(({ already, findings, ...group }): FindingGroup[] => [
    ...(findings > already ? [{ ...group, kind: 'disabled' as const, findings: findings - already }] : []),
    ...(already > 0 ? [{ ...group, kind: 'already' as const, findings: already }] : []),
  ])
}

const grouped = (from: string, where: string): string => `
  select o.id occurrenceId, @state state, f.severity_rank rank, count(*) findings,
    sum(o.rule_set_id is not null and ${disabledNow}) already
  from ${from} where ${where} group by o.id, f.severity_rank`

// The plus keeps SQLite from seeking each finding of each place, or of each match, by itself.
const byPlace = grouped(
  `occurrence o cross join finding f indexed by finding_counts
     on f.occurrence_id = o.id and f.state = @state and f.class = 'security'`,
  `o.id in (select value from json_each(@places)) and +f.match_id in (select value from json_each(@chosen))`,
)
const byMatch = grouped(
  `json_each(@chosen) c cross join finding f indexed by finding_match
     on f.match_id = c.value and f.state = @state and f.class = 'security'
   cross join occurrence o on o.id = f.occurrence_id`,
  `+o.id in (select value from json_each(@places))`,
)

/** Findings that are disabled now by rules that would not hold there any more, and by no other. */
export function reopenedIn(
  db: Db,
  places: readonly ChangedPlace[],
  chosen: readonly number[],
): FindingGroup[] {
  const losing = places.filter(({ lost }) => lost.length > 0)
  if (losing.length === 0) return []
  return prepared(
    db,
    `with place as materialized (
       select value ->> 0 id, value ->> 1 lost, value ->> 2 kept, value ->> 3 added from json_each(@losing))
     select f.occurrence_id occurrenceId, 'reopened' kind, f.state, f.severity_rank rank, count(*) findings
     from place p cross join finding f indexed by finding_counts
       on f.occurrence_id = p.id and f.state in ('open', 'undetermined') and f.class = 'security'
     where exists (select 1 from disable_rule_match dm
         where dm.match_id = f.match_id and dm.rule_id in (select value from json_each(p.lost)))
       and not exists (select 1 from disable_rule_match dm
         where dm.match_id = f.match_id and dm.rule_id in (select value from json_each(p.kept)))
       and not (p.added and +f.match_id in (select value from json_each(@chosen)))
     group by 1, 3, 4`,
  ).all({
    chosen: JSON.stringify(chosen),
    losing: JSON.stringify(
      losing.map(({ occurrenceId, lost, kept, added }) => [occurrenceId, lost, kept, added]),
    ),
  }) as FindingGroup[]
}

/** Findings that rules would disable again which another one overrides now. */
export function disabledAgainIn(
  db: Db,
  places: readonly ChangedPlace[],
  chosen: readonly number[],
): FindingGroup[] {
  const gaining = places.filter(({ gained }) => gained.length > 0)
  if (gaining.length === 0) return []
  return prepared(
    db,
    `with place as materialized (
       select value ->> 0 id, value ->> 1 gained, value ->> 2 added from json_each(@gaining))
     select f.occurrence_id occurrenceId, 'disabled' kind, f.state, f.severity_rank rank, count(*) findings
     from place p cross join finding f indexed by finding_counts
         on f.occurrence_id = p.id and f.state in ('open', 'undetermined') and f.class = 'security'
       cross join occurrence o on o.id = p.id
     where exists (select 1 from disable_rule_match dm
         where dm.match_id = f.match_id and dm.rule_id in (select value from json_each(p.gained)))
       and not (o.rule_set_id is not null and ${disabledNow})
       and not (p.added and +f.match_id in (select value from json_each(@chosen)))
     group by 1, 3, 4`,
  ).all({
    chosen: JSON.stringify(chosen),
    gaining: JSON.stringify(gaining.map(({ occurrenceId, gained, added }) => [occurrenceId, gained, added])),
  }) as FindingGroup[]
}

/** Of those that would be disabled, how many attacks are known of. */
export function knownExploited(db: Db, places: readonly ChangedPlace[], chosen: readonly number[]): number {
  if (chosen.length === 0) return 0
  const exploited = prepared(
    db,
    `select value from json_each(?) join match_threat mt on mt.match_id = value where mt.kev`,
  )
    .pluck()
    .all(JSON.stringify(chosen)) as number[]
  return disabledIn(db, places, exploited)
    .filter(({ kind }) => kind === 'disabled')
    .reduce((sum, { findings }) => sum + findings, 0)
}

/** The ids of some of those that would be disabled, the worst first. */
export function sampleOf(db: Db, groups: readonly FindingGroup[], chosen: readonly number[]): number[] {
  const worst = groups
    .filter(({ kind }) => kind === 'disabled')
    .toSorted((a, b) => b.rank - a.rank || b.occurrenceId - a.occurrenceId)
    .slice(0, sampleSize)
  return prepared(
    db,
    `select f.id from json_each(@places) p cross join occurrence o on o.id = p.value
       cross join finding f on f.occurrence_id = o.id and f.state in ('open', 'undetermined') and f.class = 'security'
     where +f.match_id in (select value from json_each(@chosen)) and not (o.rule_set_id is not null and ${disabledNow})
     order by f.severity_rank desc, f.id desc limit ${sampleSize}`,
  )
    .pluck()
    .all({
      chosen: JSON.stringify(chosen),
      places: JSON.stringify([...new Set(worst.map(({ occurrenceId }) => occurrenceId))]),
    }) as number[]
}
