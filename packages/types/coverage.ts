import { z } from 'zod'

/**
 * What of an image was read. `complete`: everything an ecosystem wants was read and there are advisories for it.
 * `partial`: something was not, the reasons say what. `not-applicable`: nothing here can be assessed, the reason
 * says why. `not-scanned`: nobody looked yet.
 */
export const coverageStatuses = ['complete', 'partial', 'not-applicable', 'not-scanned'] as const
export const coverageStatusSchema = z.enum(coverageStatuses)
export type CoverageStatus = z.infer<typeof coverageStatusSchema>

export const coverageReasonCodes = [
  // not applicable
  'windows-image',
  'unsupported-platform',
  'not-an-image',
  'attestation',
  'schema1-manifest',
  'encrypted-layer',
  'nothing-to-read',
  // partial
  'foreign-layer',
  'unsupported-distribution',
  'no-advisories-for-release',
  'database-unreadable',
  'version-not-comparable',
  'limit-inflated-bytes',
  'limit-entries',
  'limit-file-bytes',
  'limit-path-bytes',
  'limit-time',
  'limit-memory',
] as const
export const coverageReasonSchema = z.object({
  code: z.enum(coverageReasonCodes),
  /** One plain sentence for people, naming the file, layer or limit it is about. */
  message: z.string(),
})
export type CoverageReason = z.infer<typeof coverageReasonSchema>

/** The advisories an image was matched against. `asOf` is the newest `modified` among the feed's records. */
export const feedUsedSchema = z.object({
  feed: z.string(),
  advisories: z.int().nonnegative(),
  asOf: z.iso.datetime().nullable(),
})
export type FeedUsed = z.infer<typeof feedUsedSchema>

/** The coverage ledger of one image: why its result is what it is, above all when it is zero. */
export const coverageSchema = z.object({
  status: coverageStatusSchema,
  reasons: z.array(coverageReasonSchema),
  /** Packages found, by ecosystem id. */
  packages: z.record(z.string(), z.int().nonnegative()),
  feeds: z.array(feedUsedSchema),
})
export type Coverage = z.infer<typeof coverageSchema>
