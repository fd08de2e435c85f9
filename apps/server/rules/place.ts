import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { noChange, placeParameters, rulesInPlace } from './in-place.ts'

/**
 * Has the rules hold for these occurrences that are to hold there now, and their counts follow. Within the transaction
 * that made a difference: an image is new, a tag moved, a rule changed.
 * @param at our time, ISO 8601.
 * @returns the occurrences for which other rules hold than before.
 */
export function placeRules(db: Db, occurrenceIds: readonly number[], at: string): number[] {
  // Whoever has no rules does not pay for them.
  if (occurrenceIds.length === 0 || (!hasRules(db) && !hasSets(db))) return []
  const sets = setsInPlace(db, occurrenceIds, at)
  const known = prepared(
    db,
    'select o.id, o.rule_set_id setId from json_each(?) j join occurrence o on o.id = j.value',
  ).all(JSON.stringify(occurrenceIds)) as { id: number; setId: number | null }[]
  const changed: number[] = []
  for (const { id, setId } of known) {
    const now = sets.get(id) ?? null
    if (now === setId) continue
    prepared(db, 'update occurrence set rule_set_id = ? where id = ?').run(now, id)
    prepared(db, 'insert into rule_set_change (occurrence_id, set_id, at) values (?, ?, ?)').run(id, now, at)
    changed.push(id)
  }
  refreshPosture(db, changed)
  return changed
}

/** Places the rules again where a tag that moved, came or went may make a difference. Within its transaction. */
export function placeRulesOfTags(db: Db, repositoryId: number, digests: readonly string[], at: string): void {
  if (!hasTagRules(db)) return
  const images = prepared(
    db,
    `select o.id from json_each(@digests) j join occurrence o on o.repository_id = @repositoryId and o.digest = j.value
     union
     select o.id from json_each(@digests) j cross join index_member im on im.index_digest = j.value
       cross join occurrence o on o.repository_id = @repositoryId and o.digest = im.digest`,
  )
    .pluck()
    .all({ repositoryId, digests: JSON.stringify(digests) }) as number[]
  placeRules(db, images, at)
}

const hasRules = (db: Db): boolean =>
  prepared(db, 'select 1 from disable_rule where ended_at is null limit 1').get() !== undefined

const hasSets = (db: Db): boolean =>
  prepared(db, 'select 1 from occurrence where rule_set_id is not null limit 1').get() !== undefined

const hasTagRules = (db: Db): boolean =>
  prepared(
    db,
    'select 1 from disable_rule where ended_at is null and tag_pattern is not null limit 1',
  ).get() !== undefined

/** The set of each occurrence for which any rule holds. */
function setsInPlace(db: Db, occurrenceIds: readonly number[], at: string): Map<number, number> {
  const rows = prepared(
    db,
    `select occurrence_id id, group_concat(rule_id, ',' order by rule_id) rules
     from (${rulesInPlace('select value id from json_each(@occurrences)')}) where holds group by occurrence_id`,
  ).all({ ...placeParameters(noChange, at), occurrences: JSON.stringify(occurrenceIds) }) as {
    id: number
    rules: string
  }[]
  return new Map(rows.map(({ id, rules }) => [id, setOf(db, rules)]))
}

function setOf(db: Db, rules: string): number {
  const known = prepared(db, 'select id from rule_set where rules = ?').pluck().get(rules)
  if (known !== undefined) return known as number
  const { lastInsertRowid } = prepared(db, 'insert into rule_set (rules) values (?)').run(rules)
  const id = Number(lastInsertRowid)
  for (const rule of rules.split(',')) {
    prepared(db, 'insert into rule_set_rule (set_id, rule_id) values (?, ?)').run(id, Number(rule))
  }
  return id
}
