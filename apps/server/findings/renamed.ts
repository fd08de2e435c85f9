import type { Match } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { type Existing, packageOf } from './identity.ts'

/** What findings that are there become of a match that has another id for the same vulnerability. */
export interface Renamed {
  /** The finding that goes on under the match's id; null when another one is it already. */
  readonly continued: Existing | null
  /** Findings that are one with it now. */
  readonly folded: readonly Existing[]
  /** When the first of all of them was seen; null when there are none. */
  readonly firstSeenAt: string | null
}

/**
 * Advisories learn the CVE they are about later than its fix, and links between ids are added and taken back. What is
 * known of a vulnerability then goes by another id, and is the same vulnerability: the finding goes on.
 *
 * @param left findings that no match has by their own id.
 * @returns a function of a match, and whether there is a finding of its own id. A finding goes on in one match alone;
 *   where a notice turns out to be about several vulnerabilities, the others begin when it did.
 */
export function findRenamed(db: Db, left: readonly Existing[]): (match: Match, hasOwn: boolean) => Renamed {
  const byPackage = Map.groupBy(left, packageOf)
  const taken = new Set<number>()
  return (match, hasOwn) => {
    const candidates = byPackage.get(packageOf(match)) ?? []
    const related = candidates
      .filter(old => isOf(old.vulnerabilityId, match) || isOf(match.vulnerabilityId, idsOf(db, old)))
      .toSorted(openFirst)
    // What closed before has had its end, unless it is the one to go on.
    const open = related.filter(({ state }) => state !== 'closed')
    const [first = null] = hasOwn ? [] : related
    const continued = first !== null && !taken.has(first.id) ? first : null
    const folded = open.filter(old => old !== first && !taken.has(old.id))
    for (const old of [continued, ...folded]) if (old !== null) taken.add(old.id)
    const seen = [first, ...folded].flatMap(old => old?.firstSeenAt ?? []).toSorted()
    return { continued, folded, firstSeenAt: seen[0] ?? null }
  }
}

type Ids = Pick<Match, 'aliases' | 'advisoryIds'>

const isOf = (id: string, { aliases, advisoryIds }: Ids): boolean =>
  aliases.includes(id) || advisoryIds.includes(id)

function idsOf(db: Db, { matchId }: Existing): Ids {
  const row = prepared(
    db,
    `select record ->> '$.aliases' aliases, record ->> '$.advisoryIds' advisoryIds from match_fact where id = ?`,
  ).get(matchId) as { aliases: string; advisoryIds: string }
  return {
    aliases: JSON.parse(row.aliases) as string[],
    advisoryIds: JSON.parse(row.advisoryIds) as string[],
  }
}

const openFirst = (a: Existing, b: Existing): number =>
  Number(a.state === 'closed') - Number(b.state === 'closed') ||
  (a.firstSeenAt < b.firstSeenAt ? -1 : a.firstSeenAt > b.firstSeenAt ? 1 : a.id - b.id)
