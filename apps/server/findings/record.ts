import { type CloseReason, type InstalledPackage, type Match, severityRank } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { openFindingsOf, raiseNotice } from '../notices/raise.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { judgeMatches } from '../rules/judge.ts'
import { type Existing, type Identity, joined, keyOf } from './identity.ts'
import { dropUnused, storeMatch } from './match-fact.ts'
import { findRenamed } from './renamed.ts'

/** Counts of what a recording changed. */
export interface Recorded {
  readonly opened: number
  readonly closed: number
}

/**
 * Makes the findings of an occurrence those of `matches`, in one transaction: what is new opens, what is there already
 * is brought up to date, what is there no more closes with its reason. A finding whose vulnerability goes by another id
 * now goes on under that. Only rows that differ are written.
 * @param packages what the image has now; it tells a fix from a package that is gone and from an advisory that is.
 * @param at ISO 8601.
 */
export function recordFindings(
  db: Db,
  occurrenceId: number,
  matches: readonly Match[],
  packages: readonly InstalledPackage[],
  at: string,
): Recorded {
  return inTransaction(db, () => {
    const openBefore = openFindingsOf(db, occurrenceId)
    const existing = findingsOf(db, occurrenceId)
    // One finding for each identity, whatever the engine gave: the last one counts.
    const distinct = new Map(matches.map(match => [keyOf(match), match]))
    const stored = Array.from(distinct.values(), match => ({ match, ...storeMatch(db, match) }))
    judgeMatches(
      db,
      stored.filter(({ isNew }) => isNew).map(({ id }) => id),
    )

    const left = new Map(existing)
    for (const { match } of stored) left.delete(keyOf(match))
    const renamedTo = findRenamed(db, [...left.values()])
    const unused: number[] = []
    let opened = 0
    let closed = 0
    for (const { match, id: matchId } of stored) {
      const own = existing.get(keyOf(match))
      const { continued, folded, firstSeenAt } = renamedTo(match, own !== undefined)
      for (const finding of folded) {
        left.delete(keyOf(finding))
        close(db, finding.id, 'folded', at)
        closed += 1
      }
      const old = own ?? continued
      if (old === null) {
        insert(db, occurrenceId, matchId, match, firstSeenAt ?? at)
        opened += 1
        continue
      }
      left.delete(keyOf(old))
      const seenAt = [old.firstSeenAt, firstSeenAt ?? old.firstSeenAt].toSorted()[0] ?? old.firstSeenAt
      if (old.matchId === matchId && old.state === match.state && old.firstSeenAt === seenAt) continue
      if (old.state === 'closed') opened += 1
      if (old.matchId !== matchId) unused.push(old.matchId)
      noteChange(db, old, match, at)
      update(db, old.id, matchId, match, seenAt)
    }

    const gone = [...left.values()].filter(({ state }) => state !== 'closed')
    const closedBecause = closeReasons(packages)
    for (const finding of gone) close(db, finding.id, closedBecause(finding), at)

    dropUnused(db, unused)
    refreshPosture(db, [occurrenceId])
    if (openBefore === 0 && openFindingsOf(db, occurrenceId) > 0) raiseNotice(db, occurrenceId, at)
    return { opened, closed: closed + gone.length }
  })
}

/** Closes all that is not closed of an occurrence, for one reason. */
export function closeFindings(db: Db, occurrenceId: number, reason: CloseReason, at: string): number {
  return inTransaction(db, () => {
    const { changes } = prepared(
      db,
      `update finding set state = 'closed', closed_at = ?, close_reason = ? where occurrence_id = ? and state <> 'closed'`,
    ).run(at, reason, occurrenceId)
    refreshPosture(db, [occurrenceId])
    return changes
  })
}

export function close(db: Db, findingId: number, reason: CloseReason, at: string): void {
  prepared(db, `update finding set state = 'closed', closed_at = ?, close_reason = ? where id = ?`).run(
    at,
    reason,
    findingId,
  )
}

function findingsOf(db: Db, occurrenceId: number): Map<string, Existing> {
  const rows = prepared(
    db,
    `select f.id, f.match_id matchId, f.state, f.patchable, f.first_seen_at firstSeenAt,
       f.closed_at closedAt, f.close_reason closeReason, m.vulnerability_id vulnerabilityId, m.ecosystem, m.feed,
       m.source_name sourceName, m.source_version sourceVersion
     from finding f join match_fact m on m.id = f.match_id where f.occurrence_id = ?`,
  ).all(occurrenceId) as Existing[]
  return new Map(rows.map(row => [keyOf(row), row]))
}

function insert(db: Db, occurrenceId: number, matchId: number, match: Match, firstSeenAt: string): void {
  prepared(
    db,
    `insert into finding (occurrence_id, match_id, state, class, severity_rank, patchable, first_seen_at)
     values (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    occurrenceId,
    matchId,
    match.state,
    match.class,
    severityRank[match.severity],
    match.patchable ? 1 : 0,
    firstSeenAt,
  )
}

function update(db: Db, findingId: number, matchId: number, match: Match, firstSeenAt: string): void {
  prepared(
    db,
    `update finding set match_id = ?, state = ?, class = ?, severity_rank = ?, patchable = ?, first_seen_at = ?,
       closed_at = null, close_reason = null where id = ?`,
  ).run(
    matchId,
    match.state,
    match.class,
    severityRank[match.severity],
    match.patchable ? 1 : 0,
    firstSeenAt,
    findingId,
  )
}

/** What the row is about to forget, for the finding's timeline. */
function noteChange(db: Db, old: Existing, match: Match, at: string): void {
  const { id, patchable, closedAt, closeReason } = old
  if (closedAt === null && patchable === (match.patchable ? 1 : 0)) return
  prepared(
    db,
    `insert into finding_change (finding_id, at, patchable_before, closed_at, close_reason) values (?, ?, ?, ?, ?)`,
  ).run(id, at, patchable, closedAt, closeReason)
}

/**
 * Why a finding is there no more, judged by what the image has now: the package in that version still (then it is the
 * advisory that is gone or says something else), the package in another version, or no such package.
 */
function closeReasons(packages: readonly InstalledPackage[]): (finding: Identity) => CloseReason {
  const names = new Set<string>()
  const versions = new Set<string>()
  for (const { ecosystem, sourceName, sourceVersion } of packages) {
    names.add(joined(ecosystem, sourceName))
    versions.add(joined(ecosystem, sourceName, sourceVersion))
  }
  return ({ ecosystem, sourceName, sourceVersion }) => {
    if (versions.has(joined(ecosystem, sourceName, sourceVersion))) return 'withdrawn'
    return names.has(joined(ecosystem, sourceName)) ? 'fixed' : 'package-gone'
  }
}
