import { z } from 'zod'

/** Severities in rank order, worst first. REST answers know three of them: see `restSeverity` in the server. */
export const severities = ['Critical', 'High', 'Medium', 'Low', 'Unknown'] as const
export const severitySchema = z.enum(severities)
export type Severity = z.infer<typeof severitySchema>

/** Rank for ordering: 4 for Critical down to 0 for Unknown. Never sort severities as text. */
export const severityRank: Readonly<Record<Severity, number>> = {
  Critical: 4,
  High: 3,
  Medium: 2,
  Low: 1,
  Unknown: 0,
}

/** A count for every severity. */
export const severityCountsSchema = z.record(severitySchema, z.int().nonnegative())
export type SeverityCounts = Record<Severity, number>

export const noSeverities = (): SeverityCounts => ({ Critical: 0, High: 0, Medium: 0, Low: 0, Unknown: 0 })

/**
 * Qualitative rating of a CVSS base score (0.0 to 10.0), by the bands of the CVSS v3.1 specification,
 * section 5. The band "None" (0.0) is Low here: a record that carries a vector is known, not Unknown.
 */
export function severityOfBaseScore(baseScore: number): Severity {
  if (baseScore >= 9) return 'Critical'
  if (baseScore >= 7) return 'High'
  if (baseScore >= 4) return 'Medium'
  return 'Low'
}
