import type { Advisory, AdvisoryLookup, Affected, CveFacts } from './advisory.ts'
import { type AliasGroups, aliasGroups } from './aliases.ts'

interface Feed {
  readonly byPackage: Map<string, { advisory: Advisory; affected: Affected }[]>
  advisories: number
  asOf: string | null
  /** The record that was counted last. */
  counted: Advisory | null
}

/**
 * Advisories in memory, by feed and package. Of two records with one id the one modified last counts; withdrawn
 * records are left out.
 */
export function advisoryIndex(advisories: Iterable<Advisory>, cves: Iterable<CveFacts> = []): AdvisoryLookup {
  const newest = new Map<string, Advisory>()
  for (const advisory of advisories) {
    const other = newest.get(advisory.id)
    if (other === undefined || (advisory.modifiedAt ?? '') >= (other.modifiedAt ?? ''))
      newest.set(advisory.id, advisory)
  }

  const feeds = new Map<string, Feed>()
  for (const advisory of newest.values()) {
    if (advisory.withdrawnAt !== null) continue
    for (const affected of advisory.affected) {
      const feed = feeds.getOrInsertComputed(affected.feed, emptyFeed)
      feed.byPackage.getOrInsertComputed(affected.name, emptyList).push({ advisory, affected })
      if (feed.counted === advisory) continue
      feed.counted = advisory
      feed.advisories += 1
      if (advisory.modifiedAt !== null && (feed.asOf === null || advisory.modifiedAt > feed.asOf)) {
        feed.asOf = advisory.modifiedAt
      }
    }
  }

  const facts = new Map<string, CveFacts>()
  for (const one of cves) facts.set(one.id, mergedFacts(facts.get(one.id), one))

  // Asked for by a scan at its end, or never.
  let made: Names | null = null
  const names = (): Names => (made ??= namesOf(newest))

  return {
    find: (feed, packageName) => feeds.get(feed)?.byPackage.get(packageName) ?? [],
    vulnerabilities: advisory => names().groups.of(advisory.id),
    named: id => names().recordsOf(id),
    cve: id => facts.get(id) ?? null,
    feed: name => {
      const feed = feeds.get(name)
      return feed === undefined ? null : { advisories: feed.advisories, asOf: feed.asOf }
    },
  }
}

const emptyFeed = (): Feed => ({ byPackage: new Map(), advisories: 0, asOf: null, counted: null })

const emptyList = (): never[] => []

/** What two lists say of one CVE: the first one's word counts where both have one. */
export function mergedFacts(first: CveFacts | undefined, second: CveFacts): CveFacts {
  if (first === undefined) return second
  const others = second.cvss.filter(one => !first.cvss.some(({ vector }) => vector === one.vector))
  return {
    id: first.id,
    publishedAt: first.publishedAt ?? second.publishedAt,
    cvss: [...first.cvss, ...others],
    description: first.description ?? second.description,
  }
}

interface Names {
  readonly groups: AliasGroups
  recordsOf(id: string): readonly Advisory[]
}

function namesOf(records: ReadonlyMap<string, Advisory>): Names {
  const groups = aliasGroups(records.values())
  const byVulnerability = new Map<string, Advisory[]>()
  const withdrawn = new Map<string, Advisory[]>()
  for (const record of records.values()) {
    for (const { canonical } of groups.of(record.id)) {
      byVulnerability.getOrInsertComputed(canonical, () => []).push(record)
    }
    if (record.withdrawnAt === null) continue
    for (const name of [...record.aliases, ...record.upstream]) {
      withdrawn.getOrInsertComputed(name, () => []).push(record)
    }
  }
  return {
    groups,
    recordsOf(id) {
      const own = records.get(id)
      const found = new Set(own === undefined ? [] : [own])
      for (const { canonical, ids } of groups.of(id)) {
        if (ids.includes(id)) for (const record of byVulnerability.get(canonical) ?? []) found.add(record)
      }
      for (const record of withdrawn.get(id) ?? []) found.add(record)
      return [...found]
    },
  }
}
