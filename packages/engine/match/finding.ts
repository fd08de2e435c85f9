import type { AffectedPackage, FindingClass, Match } from '@plimsoll/types'
import type { Advisory, Affected, CveFacts } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Verdict } from './ranges.ts'
import { rate } from './severity.ts'
import { cveLinks, isCve, remediationOf, securityCheckOf } from './texts.ts'

/** The binary packages that were built from one version of one source. */
export interface SourcePackage {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly version: string
  readonly packages: readonly AffectedPackage[]
  /** Of the packages, each once, sorted. */
  readonly packageNames: readonly string[]
}

/** A record that does not rule a source package out. */
export interface Judged {
  readonly advisory: Advisory
  readonly affected: Affected
  readonly verdict: Exclude<Verdict, { kind: 'not-affected' }>
}

/** Everything one finding is made of. */
interface Evidence {
  readonly vulnerabilityId: string
  readonly judged: readonly Judged[]
  readonly source: SourcePackage
  readonly feed: string
  readonly category: string
  readonly cve: CveFacts | null
}

type Fixing = Pick<Match, 'fixState' | 'fixedVersion'>

/** Composes the finding of one vulnerability in one source package from all the records that speak of it. */
export function findingOf({ vulnerabilityId, judged, source, feed, category, cve }: Evidence): Match {
  // What is known to be affected is not made doubtful by a record that cannot be read.
  const certain = judged.filter(({ verdict }) => verdict.kind === 'affected')
  // In order of ids, so that nothing depends on the order in which the lookup gave the records.
  const counted = (certain.length > 0 ? certain : judged).toSorted((a, b) =>
    byText(a.advisory.id, b.advisory.id),
  )
  const doubt =
    counted.map(({ verdict }) => (verdict.kind === 'undetermined' ? verdict.reason : null))[0] ?? null
  const explanations = counted.flatMap(({ verdict }) => verdict.explanations)
  const rating = rate(counted, cve, category)
  const fix = fixOf(counted, feed, source.ecosystem)
  const records = distinctRecords(counted)
  const facts = {
    vulnerabilityId,
    category,
    feed,
    sourceName: source.name,
    sourceVersion: source.version,
    ...fix,
    undeterminedReason: doubt,
  }
  const patchable = fix.fixState === 'available'
  const { packageNames } = source
  const command =
    patchable && doubt === null && fix.fixedVersion !== null
      ? source.ecosystem.fixCommand({ sourceName: source.name, packageNames, fixedVersion: fix.fixedVersion })
      : null
  return {
    vulnerabilityId,
    aliases: aliasesOf(vulnerabilityId, records),
    advisoryIds: records.map(({ id }) => id),
    ecosystem: source.ecosystem.id,
    feed,
    sourceName: source.name,
    sourceVersion: source.version,
    packages: [...source.packages],
    class: classOf(counted, packageNames),
    state: doubt === null ? 'open' : 'undetermined',
    undeterminedReason: doubt,
    severity: rating.severity,
    severitySource: rating.source,
    vendorSeverities: [...rating.vendors],
    cvss: [...rating.cvss],
    cvssV3BaseScore: rating.cvssV3BaseScore,
    ...fix,
    patchable,
    category,
    securityCheck: securityCheckOf(facts),
    description: records.find(({ details }) => details !== null)?.details ?? cve?.description ?? null,
    remediation: { summary: remediationOf(facts), command },
    cves: cveLinks(vulnerabilityId),
    vendorReferences: referencesOf(vulnerabilityId, records),
    publishedAt: earliest([...records.map(({ publishedAt }) => publishedAt), cve?.publishedAt ?? null]),
    modifiedAt: latest(records.map(({ modifiedAt }) => modifiedAt)),
    explanations,
  }
}

/** A record that names the package twice counts once. */
const distinctRecords = (judged: readonly Judged[]): Advisory[] => [
  ...new Map(judged.map(({ advisory }) => [advisory.id, advisory])).values(),
]

/** Every other name of this vulnerability. CVEs beside it in one record are other vulnerabilities, not other names. */
function aliasesOf(vulnerabilityId: string, records: readonly Advisory[]): string[] {
  const ids = records.flatMap(({ id, aliases, upstream }) => [
    id,
    ...[...aliases, ...upstream].filter(one => !isCve(one)),
  ])
  return [...new Set(ids)].filter(id => id !== vulnerabilityId).toSorted()
}

/** Packages of headers carry every CVE of the kernel and none of its code. */
const kernelHeaders = /^(linux-libc-dev|linux-headers-.+|linux-.+-headers-.+)$/

function classOf(judged: readonly Judged[], packageNames: readonly string[]): FindingClass {
  if (judged.every(({ affected }) => affected.urgency === 'unimportant')) return 'unimportant'
  if (packageNames.every(name => kernelHeaders.test(name))) return 'kernel-headers'
  return 'security'
}

/**
 * A fix is available when every record that matches has one: it is the highest of them, for with a lower one the
 * vulnerability would be found again. Where some have none, a vendor's paid channel may.
 */
function fixOf(judged: readonly Judged[], feed: string, ecosystem: Ecosystem): Fixing {
  const fixes = judged.flatMap(({ verdict }) => verdict.explanations.map(({ fixed }) => fixed))
  if (!fixes.includes(null)) return { fixState: 'available', fixedVersion: highest(fixes, ecosystem) }

  const paidFeed = ecosystem.paidFeed?.(feed) ?? null
  const paid = judged.map(({ advisory, affected, verdict }) => {
    const own = verdict.explanations.map(({ fixed }) => fixed)
    if (!own.includes(null)) return highest(own, ecosystem)
    const entries = advisory.affected.filter(one => one.feed === paidFeed && one.name === affected.name)
    return highest(
      entries.flatMap(({ intervals }) => intervals.map(({ fixed }) => fixed)),
      ecosystem,
    )
  })
  if (!paid.includes(null)) return { fixState: 'needs-paid-channel', fixedVersion: highest(paid, ecosystem) }

  const notes = judged.map(({ affected }) => affected.fixNote)
  const fixState =
    notes.find(note => note === 'will-not-fix') ?? notes.find(note => note === 'deferred') ?? 'none'
  return { fixState, fixedVersion: null }
}

/** The highest of some versions; null when there is none, or one of them is none. */
function highest(versions: readonly (string | null)[], ecosystem: Ecosystem): string | null {
  if (versions.includes(null)) return null
  const known = versions.filter(version => version !== null)
  const comparable = known.filter(version => ecosystem.isVersion(version))
  return comparable.toSorted((a, b) => ecosystem.compare(b, a))[0] ?? known[0] ?? null
}

/** The records' links without the CVE's own, which every finding has. */
function referencesOf(vulnerabilityId: string, records: readonly Advisory[]): Match['vendorReferences'] {
  const own = new Set(cveLinks(vulnerabilityId).map(({ link }) => link))
  const links = new Map(records.flatMap(({ references }) => references.map(one => [one.link, one] as const)))
  return [...links.values()].filter(({ link }) => !own.has(link))
}

const present = (times: readonly (string | null)[]): string[] =>
  times.filter(time => time !== null).toSorted()
const earliest = (times: readonly (string | null)[]): string | null => present(times)[0] ?? null
const latest = (times: readonly (string | null)[]): string | null => present(times).at(-1) ?? null

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
