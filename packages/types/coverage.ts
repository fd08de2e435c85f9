import { z } from 'zod'
import { digestSchema } from './image.ts'

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
  'end-of-life',
  'third-party-packages',
  'derived-distribution',
  'mixed-releases',
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

/** A release of a distribution, as far as it is known here. Dates are days. */
export const releaseSchema = z.object({
  /** "Debian 12 (bookworm)", "Ubuntu 18.04 LTS". */
  name: z.string(),
  /** Advisories exist for it by a name Plimsoll knows, whether or not they were imported. */
  supported: z.boolean(),
  /** Last day of free security updates; null when none is known or none is set. */
  endOfLifeOn: z.iso.date().nullable(),
  /** Last day of updates in a paid channel, with the channel's name; null when there is none. */
  extendedUntil: z.object({ on: z.iso.date(), channel: z.string() }).nullable(),
})
export type Release = z.infer<typeof releaseSchema>

/** A package database that was found in the image, whether or not it could be read. */
export const databaseReadSchema = z.object({
  ecosystem: z.string(),
  /** A file, or `dir/*` for all files of a directory in which each is a database of its own. */
  path: z.string(),
  /** diffID of the layer whose copy counts, the uppermost one of several files; null for a root file system. */
  layer: digestSchema.nullable(),
  packages: z.int().nonnegative(),
  /**
   * Copies of the ecosystem's databases in lower layers that are not known in full. What they brought counts as brought by the lowest layer above
   * them that is known to list it; none is missing because of that.
   */
  unreadCopies: z.int().nonnegative(),
})
export type DatabaseRead = z.infer<typeof databaseReadSchema>

/** The coverage ledger of one image: why its result is what it is, above all when it is zero. */
export const coverageSchema = z.object({
  status: coverageStatusSchema,
  reasons: z.array(coverageReasonSchema),
  /** Packages found, by ecosystem id. */
  packages: z.record(z.string(), z.int().nonnegative()),
  /** What was read, in the order of reading. */
  databases: z.array(databaseReadSchema),
  /** Null when the image does not say what it is. */
  release: releaseSchema.nullable(),
  feeds: z.array(feedUsedSchema),
})
export type Coverage = z.infer<typeof coverageSchema>
