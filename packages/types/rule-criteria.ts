import { z } from 'zod'
import { severitySchema } from './severity.ts'

const texts = z.array(z.string().trim().min(1).max(500)).max(200).default([])

/**
 * What findings a disable rule is about. A criterion that is left out says nothing; within one list any entry suffices.
 * Whether one criterion suffices or all must hold is the rule's `match`. Texts are compared without regard to case.
 *
 * Of the original: ids and CVEs (exact), categories and security checks (substrings), CVSS v3 and severity strictly below
 * a value, findings without a fix. A finding without a CVSS v3 score never matches `cvssBelow`, one of Unknown severity
 * never `severityBelow`. Ours: package names (patterns with `*` and `?`, of the source or a binary package), ecosystems
 * (`deb`), distributions (the release that the advisory is about, `Debian:12`, or all releases of one, `Debian`), a
 * probability of exploitation strictly below a value (a finding without one never matches), and whether attacks are known.
 */
export const ruleCriteriaSchema = z
  .object({
    ids: texts,
    cves: texts,
    categories: texts,
    securityChecks: texts,
    cvssBelow: z.number().gt(0).max(10).nullable().default(null),
    severityBelow: severitySchema.exclude(['Low', 'Unknown']).nullable().default(null),
    notPatchable: z.boolean().default(false),
    packages: texts,
    ecosystems: texts,
    distributions: texts,
    epssBelow: z.number().gt(0).max(1).nullable().default(null),
    /** Only what is in CISA's catalogue of known exploited vulnerabilities (true), or only what is not (false). */
    kev: z.boolean().nullable().default(null),
  })
  .refine(
    ({ notPatchable, ...others }) => notPatchable || Object.values(others).some(isSet),
    'Give at least one criterion: a rule without one would match nothing.',
  )
export type RuleCriteria = z.infer<typeof ruleCriteriaSchema>

/** That no attack is known of (`kev` is false) is a criterion as well. */
const isSet = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== null)
