import type { AffectedPackage, FindingClass, Match } from '@plimsoll/types'
import type { Advisory, AliasGroup, CveFacts } from '../advisories/advisory.ts'
import { fixOf } from './fix.ts'
import type { Judged } from './judgements.ts'
import { rate } from './severity.ts'
import type { SourcePackage } from './subjects.ts'
import { byText, cveLinks, remediationOf, securityCheckOf } from './texts.ts'

/** Everything one finding is made of. */
interface Evidence {
  readonly group: AliasGroup
  /** What counts of the records, for every subject that they do not rule out. */
  readonly judged: readonly Judged[]
  readonly source: SourcePackage
  /** The feed of the release, which a finding is shown under whichever feed the record is from. */
  readonly release: string
  readonly category: string
  readonly cve: CveFacts | null
}

/** Composes the finding of one vulnerability in one source package from all the records that speak of it. */
export function findingOf({ group, judged, source, release, category, cve }: Evidence): Match {
  const vulnerabilityId = group.canonical
  // Of several binary packages, those in doubt are in the ledger; one that is affected for certain is a finding.
  const certain = judged.filter(({ verdict }) => verdict.kind === 'affected')
  // In order of ids, so that nothing depends on the order in which the lookup gave the records.
  const counted = (certain.length > 0 ? certain : judged).toSorted(
    (a, b) => byText(a.advisory.id, b.advisory.id) || byText(a.subject.name, b.subject.name),
  )
  const doubt =
    counted.map(({ verdict }) => (verdict.kind === 'undetermined' ? verdict.reason : null))[0] ?? null
  const explanations = counted.flatMap(({ verdict }) => verdict.explanations)
  const rating = rate(counted, cve, category)
  const { fixedName, ...fix } = fixOf(counted, source, release)
  const records = distinctRecords(counted)
  const packages = packagesOf(counted, source)
  const packageNames = [...new Set(packages.map(({ name }) => name))].toSorted(byText)
  const facts = {
    vulnerabilityId,
    category,
    feed: release,
    sourceName: source.name,
    sourceVersion: source.version,
    fixedName,
    ...fix,
    undeterminedReason: doubt,
  }
  const patchable = fix.fixState === 'available'
  const command =
    patchable && doubt === null && fix.fixedVersion !== null
      ? source.ecosystem.fixCommand({
          feed: release,
          sourceName: source.name,
          packageNames,
          fixedVersion: fix.fixedVersion,
        })
      : null
  return {
    vulnerabilityId,
    aliases: aliasesOf(group, records),
    advisoryIds: records.map(({ id }) => id),
    ecosystem: source.ecosystem.id,
    feed: release,
    sourceName: source.name,
    sourceVersion: source.version,
    packages,
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

/** A record that speaks of several packages counts once. */
const distinctRecords = (judged: readonly Judged[]): Advisory[] => [
  ...new Map(judged.map(({ advisory }) => [advisory.id, advisory])).values(),
]

/** The packages of all subjects, in the order in which the image's database has them. */
function packagesOf(judged: readonly Judged[], source: SourcePackage): AffectedPackage[] {
  const subjects = new Set(judged.map(({ subject }) => subject))
  const [first] = subjects
  if (subjects.size === 1 && first !== undefined) return [...first.packages]
  const order = new Map(
    source.packages.map(({ name, version, arch }, at) => [`${name} ${version} ${arch}`, at]),
  )
  const place = ({ name, version, arch }: AffectedPackage): number =>
    order.get(`${name} ${version} ${arch}`) ?? 0
  // A package may be spoken of by its own name and by its source's.
  const all = [...subjects].flatMap(({ packages }) => packages)
  const each = new Map(all.map(one => [`${one.path} ${one.name} ${one.version} ${one.arch}`, one]))
  return [...each.values()].toSorted((a, b) => place(a) - place(b))
}

/** Every other name of this vulnerability, and every record that has it, whatever else those are about. */
function aliasesOf({ canonical, ids }: AliasGroup, records: readonly Advisory[]): string[] {
  const all = new Set([...ids, ...records.map(({ id }) => id)])
  all.delete(canonical)
  return [...all].toSorted(byText)
}

/**
 * Packages of headers carry every CVE of the kernel and none of its code: Debian's and Ubuntu's, then those of the
 * Red Hat family and SUSE, then Alpine's.
 */
const kernelHeaders =
  /^(linux-libc-dev(-.+)?|linux-headers(-.+)?|linux-.+-headers(-.+)?|kernel-(?!tools)(.+-)?(headers|devel|devel-matched)|linux-glibc-devel|linux-(lts|virt|rpi|edge)-dev)$/

function classOf(judged: readonly Judged[], packageNames: readonly string[]): FindingClass {
  const entries = judged.flatMap(one => one.entries)
  if (entries.every(({ urgency }) => urgency === 'unimportant')) return 'unimportant'
  if (packageNames.every(name => kernelHeaders.test(name))) return 'kernel-headers'
  return 'security'
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
