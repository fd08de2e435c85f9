import { ecosystemById } from '@plimsoll/engine'
import type { Raise } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { Gains, UnhealthyImage } from './raise-gain.ts'

type Upgrade = Extract<Raise, { kind: 'upgrade' }>

interface MatchRow {
  readonly ecosystem: string
  readonly feed: string
  readonly sourceName: string
  readonly fixedVersion: string | null
  readonly findings: number
}

interface CleanRow {
  readonly occurrenceId: number
  readonly ecosystem: string
  readonly feed: string
  readonly sourceName: string
}

const disabled = `exists (select 1 from disable_rule_match dm cross join rule_set_rule sr on sr.rule_id = dm.rule_id
  where dm.match_id = f.match_id and sr.set_id = (select d.rule_set_id from occurrence d where d.id = f.occurrence_id))`

const openFindings = `f.state = 'open' and f.class = 'security' and not ${disabled}`

/** One source package brought to the version that mends all of its findings that can be, in each image of a release. */
export function raisesByUpgrade(db: Db, gains: Gains): Upgrade[] {
  const clean = Map.groupBy(mendedWhole(db, gains), ([key]) => key)
  const upgrades = Map.groupBy(fixableMatches(db, gains), keyOf)
  return [...upgrades].flatMap(([key, rows]): Upgrade[] => {
    const [first] = rows
    if (first === undefined) return []
    const { ecosystem, feed, sourceName } = first
    return [
      {
        kind: 'upgrade',
        ecosystem,
        feed,
        package: sourceName,
        fixedVersion: highest(
          ecosystem,
          rows.flatMap(row => row.fixedVersion ?? []),
        ),
        findings: rows.reduce((sum, row) => sum + row.findings, 0),
        ...gains.of((clean.get(key) ?? []).map(([, image]) => image)),
      },
    ]
  })
}

/** Matches with a free fix and their open findings, read from an index match by match. */
function fixableMatches(db: Db, { images }: Gains): MatchRow[] {
  return prepared(
    db,
    `with counted as materialized (select value id from json_each(?)),
     found as materialized (
       select f.match_id, count(*) findings from finding f indexed by finding_match
       where ${openFindings} and f.patchable and f.occurrence_id in (select id from counted) group by f.match_id)
     select m.ecosystem, m.feed, m.source_name sourceName, m.record ->> 'fixedVersion' fixedVersion, found.findings
     from found cross join match_fact m on m.id = found.match_id`,
  ).all(JSON.stringify([...images.keys()])) as MatchRow[]
}

/**
 * The images whose open findings are all of one source package and can all be mended: looking at an image ends with the
 * first finding that is of another.
 */
function mendedWhole(db: Db, { images }: Gains): [string, UnhealthyImage][] {
  const rows = prepared(
    db,
    `with first as materialized (
       select j.value id, (select f.match_id from finding f indexed by finding_counts
         where f.occurrence_id = j.value and ${openFindings} limit 1) match_id
       from json_each(?) j)
     select first.id occurrenceId, m.ecosystem, m.feed, m.source_name sourceName
     from first cross join match_fact m on m.id = first.match_id
     where not exists (
       select 1 from finding f indexed by finding_counts cross join match_fact o on o.id = f.match_id
       where f.occurrence_id = first.id and ${openFindings}
         and not (f.patchable and o.source_name = m.source_name and o.feed = m.feed and o.ecosystem = m.ecosystem))`,
  ).all(JSON.stringify([...images.keys()])) as CleanRow[]
  return rows.flatMap(row => {
    const image = images.get(row.occurrenceId)
    return image === undefined ? [] : [[keyOf(row), image]]
  })
}

const keyOf = ({ ecosystem, feed, sourceName }: CleanRow | MatchRow): string =>
  JSON.stringify([ecosystem, feed, sourceName])

/** By the ecosystem's own order; of versions that it cannot read, whichever comes first. */
function highest(ecosystem: string, versions: readonly string[]): string {
  const compare = ecosystemById(ecosystem)?.compare
  const later = (a: string, b: string): boolean => {
    try {
      return compare !== undefined && compare(a, b) > 0
    } catch {
      return false
    }
  }
  return versions.reduce((best, version) => (best === '' || later(version, best) ? version : best), '')
}
