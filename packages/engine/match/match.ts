import {
  type Coverage,
  type CoverageReason,
  type FeedUsed,
  type InstalledPackage,
  type Inventory,
  type Match,
  severityRank,
} from '@plimsoll/types'
import type { AdvisoryLookup, AliasGroup } from '../advisories/advisory.ts'
import { releaseOf } from '../distributions/releases.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { feedsFor } from './feeds.ts'
import { type Budget, matchSource } from './match-source.ts'
import { endOfLifeReasons } from './release.ts'
import { packagesByEcosystem, type SourcePackage, sourcesOf } from './subjects.ts'
import { byText } from './texts.ts'
import { thirdPartyOf, thirdPartyReasons } from './third-party.ts'

/** How much is matched of one image. */
export interface MatchLimits {
  /** Records asked about packages. A large real image takes some 100,000. */
  readonly maxJudgements: number
  /** Findings kept. A large real image with the headers of several kernels has some 20,000. */
  readonly maxFindings: number
  /** Characters that the findings say about packages, since every finding names all packages of its source. */
  readonly maxFindingChars: number
}

/**
 * An image can list any number of made-up versions of a package with thousands of advisories; this is what such a
 * one may cost: a few seconds, and a few hundred megabytes.
 */
export const defaultMatchLimits: MatchLimits = {
  maxJudgements: 2_000_000,
  maxFindings: 50_000,
  maxFindingChars: 200e6,
}

export interface MatchOptions {
  /** The day of the matching, `2024-03-29`: on it a release is maintained, or no more. */
  readonly today: string
  readonly limits?: MatchLimits
}

/**
 * Matches what an image holds against advisories: one finding for each vulnerability of each version of each source
 * package, the worst first, and the coverage ledger with what could not be judged and why.
 *
 * Pure: the same inventory, the same advisories and the same day give the same answer, so a stored inventory is matched
 * again when advisories change, without reading the image.
 */
export function match(
  inventory: Inventory,
  advisories: AdvisoryLookup,
  { today, limits = defaultMatchLimits }: MatchOptions,
): { findings: Match[]; coverage: Coverage } {
  const { status } = inventory.coverage
  if (status === 'not-applicable' || status === 'not-scanned')
    return { findings: [], coverage: inventory.coverage }

  const release = releaseOf(inventory.distro)
  const findings: Match[] = []
  const feeds: FeedUsed[] = []
  const reasons = endOfLifeReasons(release, inventory.packages, today)
  const asked = remembering(advisories)
  const budget = { ...limits }
  for (const [ecosystem, packages] of packagesByEcosystem(inventory.packages)) {
    const found = matchEcosystem(ecosystem, packages, inventory, asked, budget)
    for (const one of found.findings) findings.push(one)
    feeds.push(...found.feeds)
    reasons.push(...found.reasons)
  }
  const all = [...inventory.coverage.reasons, ...reasons]
  return {
    findings: findings.toSorted(worstFirst),
    coverage: {
      ...inventory.coverage,
      status: all.length > 0 ? 'partial' : 'complete',
      reasons: all,
      release,
      feeds,
    },
  }
}

function matchEcosystem(
  ecosystem: Ecosystem,
  packages: readonly InstalledPackage[],
  { distro }: Inventory,
  advisories: AdvisoryLookup,
  budget: Budget,
): { findings: Match[]; feeds: readonly FeedUsed[]; reasons: CoverageReason[] } {
  const asking = feedsFor(ecosystem, distro, packages.length, advisories)
  if ('code' in asking) return { findings: [], feeds: [], reasons: [asking] }

  const own: InstalledPackage[] = []
  const byVendor = new Map<string, InstalledPackage[]>()
  for (const one of packages) {
    const vendor = thirdPartyOf(one, ecosystem, distro)
    if (vendor === null) own.push(one)
    else byVendor.getOrInsertComputed(vendor, () => []).push(one)
  }
  const { release, feeds, used, absent } = asking
  const reasons = [...absent, ...thirdPartyReasons(byVendor, ecosystem, distro)]
  const against = { advisories, feeds, release, category: ecosystem.category(distro), budget }
  const findings: Match[] = []
  const doubts: string[] = []
  for (const source of sourcesOf(own, ecosystem)) {
    const matched = matchSource(source, against)
    if (matched === null) {
      reasons.push({ code: 'limit-entries', message: outOfBudget(source) })
      break
    }
    for (const one of matched.findings) findings.push(one)
    doubts.push(...matched.doubts)
  }
  reasons.push(...notComparable(doubts))
  return { findings, feeds: used, reasons }
}

/** A lookup that is asked once for what a record is about, however many packages it names. */
function remembering(advisories: AdvisoryLookup): AdvisoryLookup {
  const known = new Map<string, readonly AliasGroup[]>()
  return {
    find: (feed, name) => advisories.find(feed, name),
    vulnerabilities: advisory =>
      known.getOrInsertComputed(advisory.id, () => advisories.vulnerabilities(advisory)),
    named: id => advisories.named(id),
    cve: id => advisories.cve(id),
    feed: name => advisories.feed(name),
  }
}

/** People read the first few; a made-up image can have any number. */
const maxDoubtsShown = 20

function notComparable(doubts: readonly string[]): CoverageReason[] {
  const shown = doubts.slice(0, maxDoubtsShown).map(doubt => `A version could not be compared, ${doubt}.`)
  const more = doubts.length - shown.length
  if (more > 0) shown.push(`Versions of ${more} more packages could not be compared.`)
  return shown.map(message => ({ code: 'version-not-comparable', message }))
}

const outOfBudget = ({ name, version }: SourcePackage): string =>
  `The image lists more packages with more advisories than are matched: from ${name} ${version} on nothing was judged.`

function worstFirst(a: Match, b: Match): number {
  return (
    severityRank[b.severity] - severityRank[a.severity] ||
    byText(a.vulnerabilityId, b.vulnerabilityId) ||
    byText(a.sourceName, b.sourceName) ||
    byText(a.sourceVersion, b.sourceVersion)
  )
}
