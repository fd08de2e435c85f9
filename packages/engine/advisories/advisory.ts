import type { Cvss, Link } from '@plimsoll/types'

/** One bound pair of a range, in event order: affected from `introduced` on, until `fixed` or through `lastAffected`. */
export interface Interval {
  /** "0" means from the beginning. */
  readonly introduced: string
  readonly fixed: string | null
  /** Inclusive. */
  readonly lastAffected: string | null
}

/** What a record says of one package in one feed. */
export interface Affected {
  /** The feed as OSV names it, release included: `Debian:12`, `Alpine:v3.10`, `Ubuntu:18.04:LTS`. */
  readonly feed: string
  /** Empty when the record affects nothing, and only shows that the feed is there. */
  readonly name: string
  readonly intervals: readonly Interval[]
  readonly versions: readonly string[]
  /** What a vendor says of urgency and of a fix in this feed: see `wordsOf`. */
  readonly urgency: string | null
  readonly fixNote: 'will-not-fix' | 'deferred' | null
  /**
   * The module and stream whose builds it is about, `nodejs:12`; empty when it is about a module's builds and does not
   * say which; null when it is about packages outside modules.
   */
  readonly module: string | null
  /**
   * Those of the record's vulnerabilities that it is about in this feed; absent when it is about all of them. A notice
   * of Ubuntu covers several releases, not each of which had each of its CVEs.
   */
  readonly about?: readonly string[]
}

/** Whether what a record says of a package is about one of the record's vulnerabilities. */
export const isAbout = ({ about }: Affected, { ids }: AliasGroup): boolean =>
  about === undefined || about.some(id => ids.includes(id))

/** An OSV record reduced to the facts Plimsoll uses. Unknown keys are dropped, text is kept verbatim. */
export interface Advisory {
  readonly id: string
  /** `aliases` and `upstream` together, without the id itself. */
  readonly aliases: readonly string[]
  readonly upstream: readonly string[]
  readonly withdrawnAt: string | null
  readonly publishedAt: string | null
  readonly modifiedAt: string | null
  readonly summary: string | null
  readonly details: string | null
  readonly cvss: readonly Cvss[]
  /** A vendor's own word, e.g. `{ vendor: 'Ubuntu', word: 'medium' }`. */
  readonly vendorSeverity: { readonly vendor: string; readonly word: string } | null
  readonly references: readonly Link[]
  readonly affected: readonly Affected[]
}

/** What a public CVE feed says of one CVE. */
export interface CveFacts {
  readonly id: string
  readonly publishedAt: string | null
  readonly cvss: readonly Cvss[]
  readonly description: string | null
}

/**
 * Ids that stand for one vulnerability, by what records say of each other: see `aliasGroups`. `canonical` is the CVE
 * where there is one. Bundles are not among the ids: DSA-5673-1 is about a vulnerability, and no other name of it.
 */
export interface AliasGroup {
  readonly canonical: string
  /** All ids, the canonical one among them, sorted. */
  readonly ids: readonly string[]
}

/** Where the matcher looks things up; the CLI has it in memory, the server in SQLite. */
export interface AdvisoryLookup {
  /** Every record (withdrawn ones left out) that names this package in this feed. */
  find(feed: string, packageName: string): Iterable<{ advisory: Advisory; affected: Affected }>
  /**
   * The vulnerabilities a record is about: one, or several where it is a bundle (DSA, USN, RHSA). Never none: a record
   * that names no other id stands for itself.
   */
  vulnerabilities(advisory: Advisory): readonly AliasGroup[]
  /**
   * Every record with this id, or whose vulnerabilities have it among their ids. Withdrawn ones too: they no longer say
   * anything of other ids, and are found by every id they named. For explaining.
   */
  named(id: string): Iterable<Advisory>
  cve(id: string): CveFacts | null
  /** Records and newest `modified` of a feed; null when there is no record for that feed at all. */
  feed(feed: string): { advisories: number; asOf: string | null } | null
}
