import { z } from 'zod'
import { coverageSchema, coverageStatusSchema } from './coverage.ts'
import { findingCountsSchema, healthSchema } from './health.ts'
import { digestSchema, distroSchema, layerSchema, platformSchema } from './image.ts'
import { registryKindSchema } from './registry.ts'
import { scanErrorCodeSchema, scanProgressSchema, scanStateSchema, scanTriggerSchema } from './scan.ts'

/** A scan as lists and the live stream show it. */
export const scanSummarySchema = z.object({
  id: z.string(),
  registryId: z.string(),
  registryName: z.string(),
  repository: z.string(),
  tags: z.array(z.string()),
  digest: z.string(),
  trigger: scanTriggerSchema,
  state: scanStateSchema,
  progress: scanProgressSchema,
  error: z.object({ code: scanErrorCodeSchema, message: z.string(), hint: z.string().nullable() }).nullable(),
  attempts: z.int(),
  /** 0: what somebody waits for, 1: background work. */
  lane: z.int(),
  requestedBy: z.string().nullable(),
  queuedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
})
export type ScanSummary = z.infer<typeof scanSummarySchema>

/** An occurrence: one digest in one repository of one registry. */
export const imageSummarySchema = z.object({
  registryId: z.string(),
  registryName: z.string(),
  repository: z.string(),
  digest: digestSchema,
  tags: z.array(z.string()),
  platform: platformSchema.nullable(),
  sizeBytes: z.int().nullable(),
  pushedAt: z.iso.datetime(),
  /** Whether the registry told of the push; else `pushedAt` is when the image was found. */
  pushTold: z.boolean(),
  lastPulledAt: z.iso.datetime().nullable(),
  scannedAt: z.iso.datetime().nullable(),
  /** When it was last matched against advisories, by a scan or from its stored inventory. */
  matchedAt: z.iso.datetime().nullable(),
  /**
   * Whether its result is kept up to date: `current` within the windows of its plan; `aged` outside of them, so that the
   * result is as old as `scannedAt`; `plan-off`.
   */
  upkeep: z.enum(['current', 'aged', 'plan-off']),
  /** Clusters that run it, as of their last listing. */
  runningIn: z.array(z.string()),
  /** When another image, assessed since, took this one's last tag; it then counts nowhere. Null for all others. */
  supersededAt: z.iso.datetime().nullable(),
  health: healthSchema,
  healthReason: z.string().nullable(),
  coverage: coverageStatusSchema,
  findings: findingCountsSchema,
  /** The newest scan of this image, running or ended; null when there was none. */
  scan: scanSummarySchema.nullable(),
})
export type ImageSummary = z.infer<typeof imageSummarySchema>

/** An image by its place, for a link to its page. */
export const imageLinkSchema = z.object({
  registryId: z.string(),
  registryName: z.string(),
  repository: z.string(),
  digest: digestSchema,
  tags: z.array(z.string()),
})
export type ImageLink = z.infer<typeof imageLinkSchema>

/**
 * "Of 214 findings 190 come from base X; its newer tag Y has 12." Counts are of open findings of class `security`.
 */
export const baseImageSchema = imageLinkSchema.extend({
  /** How many of the image's layers, from the bottom, are the base's. */
  layers: z.int(),
  /** Of the image's own findings, those in packages that the base's layers brought. */
  findingsFromBase: z.int(),
  /** The image's open findings in all. */
  findingsTotal: z.int(),
  /** The newest image of the base's repository, when it is newer than the base; null when there is none. */
  newer: imageLinkSchema.extend({ findings: z.int(), pushedAt: z.iso.datetime() }).nullable(),
})
export type BaseImage = z.infer<typeof baseImageSchema>

/** What deleting an image's manifest in its registry would take with it. */
export const deletionPreviewSchema = z.object({
  /** Why it cannot be deleted, in a sentence; null when it can. */
  refusal: z.string().nullable(),
  /** Tags that go with it. */
  tags: z.array(z.string()),
  /** Indexes that name it, with their tags: they would point at nothing. */
  indexes: z.array(z.object({ digest: z.string(), tags: z.array(z.string()) })),
  /** The same digest in other repositories, which stays there. */
  elsewhere: z.array(imageLinkSchema),
  /** Clusters that run it. */
  runningIn: z.array(z.string()),
  lastPulledAt: z.iso.datetime().nullable(),
  openFindings: z.int(),
})
export type DeletionPreview = z.infer<typeof deletionPreviewSchema>

export const imageDetailSchema = imageSummarySchema.extend({
  /** Samples of the demonstration are in no registry that could be asked to copy or delete them. */
  registryKind: registryKindSchema,
  mediaType: z.string().nullable(),
  distro: distroSchema.nullable(),
  coverageLedger: coverageSchema,
  layers: z.array(
    layerSchema.extend({
      /** Packages that this layer brought, and open findings of class `security` in them. */
      packages: z.int(),
      findings: z.int(),
      /** It is one of the base image's. */
      ofBase: z.boolean(),
    }),
  ),
  /** The longest chain of layers that is an image of its own in a connected registry; null when none is. */
  baseImage: baseImageSchema.nullable(),
  packageCount: z.int(),
  deletedAt: z.iso.datetime().nullable(),
  /** Who deleted it by way of Plimsoll. */
  deletedBy: z.string().nullable(),
  /** The index that it was deleted with, when nothing else led to it: its own manifest may be there still. */
  deletedWith: z.string().nullable(),
  /** Closed findings of class `security`, whenever and why ever they were closed. */
  closedFindings: z.int(),
  /** Of those, the ones that were closed when it was deleted or, as long as it is not, superseded; else 0. */
  closedWithIt: z.int(),
})
export type ImageDetail = z.infer<typeof imageDetailSchema>
