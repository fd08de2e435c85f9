import {
  type ImageReport,
  type Match,
  platformName,
  type ReportedFinding,
  type ScanReport,
  severities,
} from '@plimsoll/types'
import { counted, plain, table } from './print.ts'

/** A scan for people: each image with its findings, and what its coverage is worth. */
export function scanTable(report: ScanReport, hasAdvisories: boolean): string {
  const [attestations, images] = partition(report.images, ({ coverage }) =>
    coverage.reasons.some(({ code }) => code === 'attestation'),
  )
  // They are about the images that stand here, and no images.
  const shown = images.length === 0 ? attestations : images
  const texts = shown.map(image => imageText(image, hasAdvisories))
  if (shown === images && attestations.length > 0)
    texts.push(`Beside: ${counted(attestations.length, 'attestation')}.`)
  return texts.join('\n\n')
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter(one => !isFirst(one))]
}

function imageText(image: ImageReport, hasAdvisories: boolean): string {
  const { reference, platform, digest, distro, packages } = image
  const name = [plain(reference), platform === null ? '' : plain(platformName(platform)), digest ?? '']
  const heading = name.filter(Boolean).join('  ')
  if (image.coverage.status === 'not-applicable') return `${heading}\n${coverageText(image, hasAdvisories)}`
  const system = distro === null ? 'Unknown distribution' : plain(distro.prettyName)
  const totals = image.findings.filter(one => one.class === 'security')
  const parts = [`${heading}\n${system}, ${counted(packages.length, 'package')}`]
  if (totals.length > 0) parts.push(findingsText(totals))
  parts.push(`${summary(image, totals)}\n${coverageText(image, hasAdvisories)}`)
  return parts.join('\n\n')
}

function findingsText(findings: readonly Match[]): string {
  const rows = findings.map(one => [
    one.severity,
    plain(one.vulnerabilityId),
    plain(one.sourceName),
    plain(one.sourceVersion),
    one.state === 'undetermined' ? 'undetermined' : plain(one.fixedVersion ?? '-'),
  ])
  return table([['SEVERITY', 'ID', 'PACKAGE', 'INSTALLED', 'FIXED IN'], ...rows])
}

/** "118 findings: 12 Critical, 60 High ... 118 with a fix." What does not count in totals is counted beside them. */
function summary({ findings }: ImageReport, totals: readonly ReportedFinding[]): string {
  const bySeverity = severities
    .map(severity => [severity, totals.filter(one => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
  const fixable = totals.filter(one => one.patchable).length
  const sentences = [
    totals.length === 0
      ? 'No findings.'
      : `${counted(totals.length, 'finding')}: ${bySeverity.join(', ')}; ${fixable} with a fix.`,
  ]
  const exploited = new Set(totals.filter(one => one.kev !== null).map(one => one.vulnerabilityId))
  if (exploited.size > 0) sentences.push(`Known to be exploited: ${plain([...exploited].join(', '))}.`)
  const beside = findings.length - totals.length
  if (beside > 0)
    sentences.push(
      `${counted(beside, 'more', 'more')} of no weight (unimportant, kernel headers), see --format json.`,
    )
  return sentences.join(' ')
}

/** What the result is worth, above all a result of zero. */
function coverageText({ coverage, packages }: ImageReport, hasAdvisories: boolean): string {
  const reasons = coverage.reasons.map(({ message }) => `  ${plain(message)}`)
  if (!hasAdvisories && coverage.reasons.some(({ code }) => code === 'no-advisories-for-release')) {
    reasons.push('  Give --advisories DIR|URL to match against: see --help.')
  }
  const against = coverage.feeds.map(({ feed, advisories, asOf }) => {
    const day = asOf === null ? '' : `, the newest of ${asOf.slice(0, 10)}`
    return `${feed.replaceAll(':', ' ')} (${counted(advisories, 'advisory', 'advisories')}${day})`
  })
  const matched = against.length === 0 ? '' : `, matched against ${against.join(' and ')}`
  switch (coverage.status) {
    case 'not-applicable':
      return ['Not applicable: this cannot be assessed.', ...reasons].join('\n')
    case 'not-scanned':
      return ['Not scanned.', ...reasons].join('\n')
    case 'partial':
      return [`Coverage: partial${matched}. What is missing:`, ...reasons].join('\n')
    case 'complete':
      return `Coverage: complete, ${counted(packages.length, 'package')} read${matched}.`
  }
}
