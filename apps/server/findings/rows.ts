import type { FindingRow, Match } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { nothingKnown, threatsOf } from '../advisories/threats.ts'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { placeKey, tagsOfDigests } from '../posture/tags.ts'
import { matchOf } from './match-fact.ts'
import { findingTables } from './tables.ts'
import { findingState } from './where.ts'

interface Row {
  readonly id: number
  readonly record: string
  readonly vulnerabilityId: string
  readonly state: FindingRow['state']
  readonly firstSeenAt: string
  readonly repositoryId: number
  readonly registryId: string
  readonly registryName: string
  readonly repository: string
  readonly digest: string
}

/** A finding in a list, with the whole match it is about. */
export type FindingWithMatch = FindingRow & { readonly match: Match }

/** These findings as lists show them, in this order. */
export const findingRows = (db: Db, ids: readonly number[]): FindingRow[] =>
  findingsWithMatch(db, ids).map(({ match: _match, ...row }) => row)

export function findingsWithMatch(db: Db, ids: readonly number[]): FindingWithMatch[] {
  if (ids.length === 0) return []
  const rows = db.all<Row>(sql`
    select f.id, m.record, m.vulnerability_id as "vulnerabilityId", ${findingState} as state, f.first_seen_at as "firstSeenAt", rp.id as "repositoryId",
      rg.id as "registryId", rg.name as "registryName", rp.name as repository, o.digest
    from json_each(${JSON.stringify(ids)}) j cross join ${findingTables} where f.id = j.value order by j.key`)
  const tags = tagsOfDigests(db, rows)
  const rules = rulesOf(db, ids)
  const threats = threatsOf(
    db,
    rows.map(({ vulnerabilityId }) => vulnerabilityId),
  )
  return rows.map(row => {
    const match = matchOf(row.record)
    return {
      id: String(row.id),
      vulnerabilityId: match.vulnerabilityId,
      aliases: match.aliases,
      sourceName: match.sourceName,
      sourceVersion: match.sourceVersion,
      class: match.class,
      severity: match.severity,
      cvssV3BaseScore: match.cvssV3BaseScore,
      fixState: match.fixState,
      fixedVersion: match.fixedVersion,
      patchable: match.patchable,
      category: match.category,
      securityCheck: match.securityCheck,
      ecosystem: match.ecosystem,
      publishedAt: match.publishedAt,
      state: row.state,
      packageNames: [...new Set(match.packages.map(one => one.name))],
      registryId: row.registryId,
      registryName: row.registryName,
      repository: row.repository,
      digest: row.digest,
      tags: tags.get(placeKey(row.repositoryId, row.digest)) ?? [],
      firstSeenAt: row.firstSeenAt,
      ...(threats.get(row.vulnerabilityId) ?? nothingKnown),
      rules: row.state === 'disabled' ? (rules.get(row.id) ?? []) : [],
      match,
    }
  })
}

function rulesOf(db: Db, ids: readonly number[]): Map<number, { id: string; name: string }[]> {
  const rows = prepared(
    db,
    `select f.id findingId, dr.number id, dr.name
     from json_each(?) j join finding f on f.id = j.value
       join occurrence o on o.id = f.occurrence_id
       join rule_set_rule sr on sr.set_id = o.rule_set_id
       join disable_rule_match dm on dm.rule_id = sr.rule_id and dm.match_id = f.match_id
       join disable_rule dr on dr.id = sr.rule_id
     order by dr.id`,
  ).all(JSON.stringify(ids)) as { findingId: number; id: number; name: string }[]
  const rules = new Map<number, { id: string; name: string }[]>()
  for (const { findingId, id, name } of rows) {
    const known = rules.get(findingId) ?? []
    rules.set(findingId, [...known, { id: String(id), name }])
  }
  return rules
}
