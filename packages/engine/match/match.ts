import {
  type Coverage,
  type CoverageReason,
  type Distro,
  type FeedUsed,
  type InstalledPackage,
  type Inventory,
  type Match,
  severityRank,
} from '@plimsoll/types'
import type { Advisory, AdvisoryLookup, Affected } from '../advisories/advisory.ts'
import { releaseOf } from '../distributions/releases.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { ecosystemById } from '../ecosystems/index.ts'
import { findingOf, type Judged, type SourcePackage } from './finding.ts'
import { type CompareWith, comparing, judge } from './ranges.ts'
import { isCve } from './texts.ts'

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
 * Pure: the same inventory, the same advisories and the same day give the same answer, so a stored inventory is matched again when
 * advisories change, without reading the image.
 */
export function match(
  inventory: Inventory,
  advisories: AdvisoryLookup,
  { limits = defaultMatchLimits }: MatchOptions,
): { findings: Match[]; coverage: Coverage } {
  const { status } = inventory.coverage
  if (status === 'not-applicable' || status === 'not-scanned')
    return { findings: [], coverage: inventory.coverage }

  const findings: Match[] = []
  const budget = { ...limits }
  const feeds: FeedUsed[] = []
  const reasons: CoverageReason[] = []
  const doubts: string[] = []
  for (const [ecosystem, sources] of sourcesByEcosystem(inventory.packages)) {
    const found = feedFor(ecosystem, inventory.distro, sources, advisories)
    if ('code' in found) {
      reasons.push(found)
      continue
    }
    feeds.push(found)
    for (const source of sources) {
      const matches = matchSource(
        source,
        found.feed,
        ecosystem.category(inventory.distro),
        advisories,
        budget,
      )
      if (matches === null) {
        reasons.push({ code: 'limit-entries', message: outOfBudget(source) })
        break
      }
      for (const one of matches) findings.push(one)
      const unclear = matches.find(one => one.state === 'undetermined')
      if (unclear !== undefined)
        doubts.push(`${source.name} ${source.version}: ${unclear.undeterminedReason}`)
    }
  }
  reasons.push(...notComparable(doubts))
  const all = [...inventory.coverage.reasons, ...reasons]
  return {
    findings: findings.toSorted(worstFirst),
    coverage: {
      ...inventory.coverage,
      status: all.length > 0 ? 'partial' : 'complete',
      reasons: all,
      release: releaseOf(inventory.distro),
      feeds,
    },
  }
}

function sourcesByEcosystem(packages: readonly InstalledPackage[]): Map<Ecosystem, SourcePackage[]> {
  const bySource = Map.groupBy(packages, one =>
    JSON.stringify([one.ecosystem, one.sourceName, one.sourceVersion]),
  )
  const byEcosystem = new Map<Ecosystem, SourcePackage[]>()
  for (const group of bySource.values()) {
    const first = group[0]
    const ecosystem = first === undefined ? null : ecosystemById(first.ecosystem)
    if (first === undefined || ecosystem === null) continue
    const packages = group.map(({ name, version, arch, path, layer }) => ({
      name,
      version,
      arch,
      path,
      layer,
    }))
    const packageNames = [...new Set(packages.map(({ name }) => name))].toSorted()
    const { sourceName: name, sourceVersion: version } = first
    byEcosystem
      .getOrInsertComputed(ecosystem, () => [])
      .push({ ecosystem, name, version, packages, packageNames })
  }
  return byEcosystem
}

/** The advisories an ecosystem's packages are matched against, or why there are none: never silently nothing. */
function feedFor(
  ecosystem: Ecosystem,
  distro: Distro | null,
  sources: readonly SourcePackage[],
  advisories: AdvisoryLookup,
): FeedUsed | CoverageReason {
  const count = sources.reduce((sum, source) => sum + source.packages.length, 0)
  const packages = `${ecosystem.title}, ${count} in all,`
  if (distro === null) {
    const message = `The image does not say which distribution it is, so its ${packages} were not judged.`
    return { code: 'unsupported-distribution', message }
  }
  const [feed] = ecosystem.feeds(distro)
  if (feed === undefined) {
    const message = `There is no advisory feed for ${distro.prettyName}, so its ${packages} were not judged.`
    return { code: 'unsupported-distribution', message }
  }
  const known = advisories.feed(feed)
  if (known === null) {
    const message = `The advisories at hand have none for ${feed.replaceAll(':', ' ')}, so its ${packages} were not judged.`
    return { code: 'no-advisories-for-release', message }
  }
  return { feed, ...known }
}

/** People read the first few; a made-up image can have any number. */
const maxDoubtsShown = 20

function notComparable(doubts: readonly string[]): CoverageReason[] {
  const shown = doubts.slice(0, maxDoubtsShown).map(doubt => `A version could not be compared, ${doubt}.`)
  const more = doubts.length - shown.length
  if (more > 0) shown.push(`Versions of ${more} more packages could not be compared.`)
  return shown.map(message => ({ code: 'version-not-comparable', message }))
}

/** @returns null when the budget did not last: then nothing of this source package is found */
function matchSource(
  source: SourcePackage,
  feed: string,
  category: string,
  advisories: AdvisoryLookup,
  budget: { -readonly [Limit in keyof MatchLimits]: number },
): Match[] | null {
  const byVulnerability = new Map<string, Judged[]>()
  const compareWith = comparing(source.version, source.ecosystem)
  for (const { advisory, affected } of advisories.find(feed, source.name)) {
    budget.maxJudgements -= 1
    if (budget.maxJudgements < 0) return null
    const verdict = judge(advisory, affected, source.version, source.ecosystem, compareWith)
    if (verdict.kind === 'not-affected') continue
    if (isFixedInPaidChannel({ advisory, affected }, source, feed, compareWith)) continue
    for (const id of vulnerabilitiesOf(advisory)) {
      byVulnerability.getOrInsertComputed(id, () => []).push({ advisory, affected, verdict })
    }
  }
  budget.maxFindings -= byVulnerability.size
  budget.maxFindingChars -= byVulnerability.size * charsOf(source)
  if (budget.maxFindings < 0 || budget.maxFindingChars < 0) return null
  return Array.from(byVulnerability, ([id, judged]) =>
    findingOf({ vulnerabilityId: id, judged, source, feed, category, cve: advisories.cve(id) }),
  )
}

/**
 * A version out of the vendor's paid channel has the fixes of that channel. In the public feed the package stays
 * affected by them for ever.
 */
function isFixedInPaidChannel(
  { advisory, affected }: Omit<Judged, 'verdict'>,
  { version, ecosystem }: SourcePackage,
  feed: string,
  compareWith: CompareWith,
): boolean {
  if (!ecosystem.isPaidVersion?.(version)) return false
  const paidFeed = ecosystem.paidFeed?.(feed)
  const entries = advisory.affected.filter(one => one.feed === paidFeed && one.name === affected.name)
  const isFixed = (one: Affected): boolean =>
    judge(advisory, one, version, ecosystem, compareWith).kind === 'not-affected'
  return entries.length > 0 && entries.every(isFixed)
}

/** About what one finding says of a source package: its version some times over, and every package of it. */
function charsOf({ name, version, packages }: SourcePackage): number {
  const each = packages.map(one => 200 + 2 * one.name.length + one.version.length + one.path.length)
  return each.reduce((sum, chars) => sum + chars, 6 * (name.length + version.length))
}

const outOfBudget = ({ name, version }: SourcePackage): string =>
  `The image lists more packages with more advisories than are matched: from ${name} ${version} on nothing was judged.`

/** The CVEs a record is about; a record that names none stands for itself. */
function vulnerabilitiesOf({ id, aliases, upstream }: Advisory): readonly string[] {
  const cves = [...new Set([id, ...aliases, ...upstream].filter(isCve))]
  return cves.length > 0 ? cves : [id]
}

function worstFirst(a: Match, b: Match): number {
  const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
  return (
    severityRank[b.severity] - severityRank[a.severity] ||
    byText(a.vulnerabilityId, b.vulnerabilityId) ||
    byText(a.sourceName, b.sourceName) ||
    byText(a.sourceVersion, b.sourceVersion)
  )
}
