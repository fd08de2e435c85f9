import { z } from 'zod'
import { coverageSchema } from './coverage.ts'
import { matchSchema } from './finding.ts'
import { digestSchema, distroSchema, layerSchema, platformSchema } from './image.ts'
import { installedPackageSchema } from './package.ts'
import { threatSchema } from './threat.ts'

export const scanStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export const scanStateSchema = z.enum(scanStates)
export type ScanState = z.infer<typeof scanStateSchema>

/** Stages of a scan in pipeline order. Layers are pulled, inflated and read in one pass, so that is one stage. */
export const scanStages = [
  'queued',
  'resolving',
  'pulling',
  'inventory',
  'matching',
  'recording',
  'done',
] as const
export const scanStageSchema = z.enum(scanStages)
export type ScanStage = z.infer<typeof scanStageSchema>

/**
 * What started a scan. `discovery`: found in its registry without an event; `rescan`: it was pulled recently, or runs,
 * and its last result has the age that its plan allows; `reader-changed`: the image was read by an older version,
 * which told less of it.
 */
export const scanTriggers = [
  'push',
  'import',
  'request',
  'discovery',
  'running',
  'rescan',
  'demonstration',
  'reader-changed',
] as const
export const scanTriggerSchema = z.enum(scanTriggers)
export type ScanTrigger = z.infer<typeof scanTriggerSchema>

/** How far a scan is. Bytes are of compressed layer blobs. */
export const scanProgressSchema = z.object({
  stage: scanStageSchema,
  layersDone: z.int().nonnegative(),
  layersTotal: z.int().nonnegative(),
  bytesDone: z.int().nonnegative(),
  bytesTotal: z.int().nonnegative(),
  /** Packages found so far; null before the inventory is known. */
  packages: z.int().nonnegative().nullable(),
})
export type ScanProgress = z.infer<typeof scanProgressSchema>

/** Why a scan could not give a result: the world's errors, each with a sentence and a hint where it is shown. */
export const scanErrorCodes = [
  'registry-unreachable',
  'registry-timeout',
  'registry-error',
  'registry-rate-limited',
  'unauthorized',
  'image-not-found',
  'manifest-invalid',
  'digest-mismatch',
  'size-mismatch',
  'layer-corrupt',
  'source-unreadable',
  'sandbox-failed',
  'cancelled',
  'internal',
] as const
export const scanErrorCodeSchema = z.enum(scanErrorCodes)
export type ScanErrorCode = z.infer<typeof scanErrorCodeSchema>

/** What was read from one image, before any advisory: the part of a scan that never has to be done again. */
export const inventorySchema = z.object({
  distro: distroSchema.nullable(),
  packages: z.array(installedPackageSchema),
  coverage: coverageSchema,
})
export type Inventory = z.infer<typeof inventorySchema>

/** A finding of a report: the match, and what is known of attacks on it. */
export const reportedFindingSchema = matchSchema.extend(threatSchema.shape)
export type ReportedFinding = z.infer<typeof reportedFindingSchema>

/** The result of scanning one image. */
export const imageReportSchema = z.object({
  reference: z.string(),
  /** Digest of the image's manifest; null for a root file system and in a Docker archive, which have none. */
  digest: digestSchema.nullable(),
  mediaType: z.string().nullable(),
  platform: platformSchema.nullable(),
  sizeBytes: z.int().nonnegative(),
  layers: z.array(layerSchema),
  distro: distroSchema.nullable(),
  coverage: coverageSchema,
  packages: z.array(installedPackageSchema),
  findings: z.array(reportedFindingSchema),
})
export type ImageReport = z.infer<typeof imageReportSchema>

/** Why an image gave no result. */
export const scanFailureSchema = z.object({
  /** Of the image that failed; null when the reference itself could not be resolved. */
  digest: digestSchema.nullable(),
  platform: platformSchema.nullable(),
  code: scanErrorCodeSchema,
  message: z.string(),
  /** What to do about it. */
  hint: z.string().nullable(),
})
export type ScanFailure = z.infer<typeof scanFailureSchema>

/** All that a reference names, scanned: the JSON of `plimsoll scan --format json` (docs/scan-json.md). */
export const scanReportSchema = z.object({
  reference: z.string(),
  /** Digest of the index when the reference names one. */
  indexDigest: digestSchema.nullable(),
  images: z.array(imageReportSchema),
  failures: z.array(scanFailureSchema),
})
export type ScanReport = z.infer<typeof scanReportSchema>
