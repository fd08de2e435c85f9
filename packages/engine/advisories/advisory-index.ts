import type { Advisory, AdvisoryLookup, Affected, CveFacts } from './advisory.ts'

interface Feed {
  readonly byPackage: Map<string, { advisory: Advisory; affected: Affected }[]>
  readonly ids: Set<string>
  asOf: string | null
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
      const feed = feeds.getOrInsertComputed(affected.feed, () => ({
        byPackage: new Map(),
        ids: new Set(),
        asOf: null,
      }))
      feed.byPackage.getOrInsertComputed(affected.name, () => []).push({ advisory, affected })
      feed.ids.add(advisory.id)
      if (advisory.modifiedAt !== null && (feed.asOf === null || advisory.modifiedAt > feed.asOf)) {
        feed.asOf = advisory.modifiedAt
      }
    }
  }

  const facts = new Map<string, CveFacts>()
  for (const one of cves) facts.set(one.id, mergedFacts(facts.get(one.id), one))

  return {
    find: (feed, packageName) => feeds.get(feed)?.byPackage.get(packageName) ?? [],
    vulnerabilities: ({ id, aliases, upstream }) => {
      const cves = [...new Set([id, ...aliases, ...upstream].filter(one => one.startsWith('CVE-')))]
      return (cves.length > 0 ? cves : [id]).map(canonical => ({ canonical, ids: [canonical] }))
    },
    named: asked =>
      [...newest.values()].filter(({ id, aliases, upstream }) =>
        [id, ...aliases, ...upstream].includes(asked),
      ),
    cve: id => facts.get(id) ?? null,
    feed: name => {
      const feed = feeds.get(name)
      return feed === undefined ? null : { advisories: feed.ids.size, asOf: feed.asOf }
    },
  }
}

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
