import type { FindingCounts, Severity, SeverityCounts } from '@plimsoll/types'

/**
 * Rank of the severities, worst highest. Written here again, not imported, to keep the schemas (32 kB compressed) out of
 * what every page loads; the type makes sure that none is missing.
 */
const rank: Readonly<Record<Severity, number>> = { Critical: 4, High: 3, Medium: 2, Low: 1, Unknown: 0 }

/** All severities, worst first. */
export const severities: readonly Severity[] = (Object.keys(rank) as Severity[]).sort(
  (a, b) => rank[b] - rank[a],
)

export const totalOf = (counts: SeverityCounts): number =>
  severities.reduce((sum, severity) => sum + counts[severity], 0)

/** `2 Critical, 14 High, 3 Low`; the severities with none are left out. */
export function severitySentence(counts: SeverityCounts): string {
  const parts = severities
    .filter(severity => counts[severity] > 0)
    .map(severity => `${counts[severity]} ${severity}`)
  return parts.length > 0 ? parts.join(', ') : 'None'
}

export const openTotal = (counts: FindingCounts): number => totalOf(counts.open)
export const patchableTotal = (counts: FindingCounts): number => totalOf(counts.patchable)
