import { z } from 'zod'
import { coverageSchema, coverageStatusSchema, feedUsedSchema } from './coverage.ts'
import { findingStateSchema, matchSchema } from './finding.ts'
import { digestSchema, distroSchema, layerSchema, platformSchema } from './image.ts'
import { planSchema } from './plan.ts'
import {
  connectionCodeSchema,
  credentialKinds,
  eventIdentitySchema,
  registryKindSchema,
  webhookSetupSchema,
} from './registry.ts'
import { scanErrorCodeSchema, scanProgressSchema, scanStateSchema, scanTriggerSchema } from './scan.ts'
import { severityCountsSchema, severitySchema } from './severity.ts'
import { threatSchema } from './threat.ts'

/**
 * What the API answers, from recommendation down to finding. Counts are of open findings of class `security`
 * unless the name says otherwise; disabled, undetermined and beside-classes have names of their own.
 */

/** Health of a resource. `undecided`: scanned, nothing open, but coverage is partial or something is undetermined. */
export const healthStates = [
  'unhealthy',
  'healthy',
  'undecided',
  'not-applicable',
  'not-scanned',
  'failed',
] as const
export const healthSchema = z.enum(healthStates)
export type Health = z.infer<typeof healthSchema>

export const findingCountsSchema = z.object({
  open: severityCountsSchema,
  /** Of the open ones, those with a fix that needs no paid channel. */
  patchable: severityCountsSchema,
  disabled: z.int(),
  undetermined: z.int(),
  /** Classes "unimportant" and "kernel-headers": counted beside, never in totals. */
  unimportant: z.int(),
  kernelHeaders: z.int(),
})
export type FindingCounts = z.infer<typeof findingCountsSchema>

export const imageCountsSchema = z.object({
  unhealthy: z.int(),
  healthy: z.int(),
  undecided: z.int(),
  notApplicable: z.int(),
  notScanned: z.int(),
  failed: z.int(),
})
export type ImageCounts = z.infer<typeof imageCountsSchema>

export const subscriptionSchema = z.object({ id: z.string(), name: z.string() })
export type Subscription = z.infer<typeof subscriptionSchema>

export const registrySummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: registryKindSchema,
  url: z.string().nullable(),
  subscription: subscriptionSchema,
  resourceGroup: z.string().nullable(),
  /** The subscription's: with it off nothing of the registry is scanned or billed. */
  plan: planSchema,
  health: healthSchema,
  /** Why health is not-applicable, undecided, not-scanned or failed, in a sentence. */
  healthReason: z.string().nullable(),
  images: imageCountsSchema,
  findings: findingCountsSchema,
  repositories: z.int(),
  lastPushedAt: z.iso.datetime().nullable(),
  lastScannedAt: z.iso.datetime().nullable(),
  /** What connecting or listing the registry last said went wrong, in a sentence; null when it works. */
  connectionError: z.string().nullable(),
  connectionCode: connectionCodeSchema.nullable(),
  /** When what it holds was last gone over to the end. */
  reconciledAt: z.iso.datetime().nullable(),
})
export type RegistrySummary = z.infer<typeof registrySummarySchema>

export const registryDetailSchema = registrySummarySchema.extend({
  /** How to have the registry tell of what happens in it; only for those who may connect registries, else null. */
  webhook: webhookSetupSchema.nullable(),
  /** How it is asked. Never the credentials themselves. */
  credentialKind: z.enum(credentialKinds),
  hasCertificateAuthority: z.boolean(),
  proxy: z.string().nullable(),
  repositoriesWatched: z.array(z.string()),
  eventIdentity: eventIdentitySchema,
  /** When an event of it last came; null: never. */
  lastEventAt: z.iso.datetime().nullable(),
})
export type RegistryDetail = z.infer<typeof registryDetailSchema>

export const repositorySummarySchema = z.object({
  registryId: z.string(),
  registryName: z.string(),
  name: z.string(),
  health: healthSchema,
  healthReason: z.string().nullable(),
  images: imageCountsSchema,
  findings: findingCountsSchema,
  lastPushedAt: z.iso.datetime().nullable(),
  lastScannedAt: z.iso.datetime().nullable(),
})
export type RepositorySummary = z.infer<typeof repositorySummarySchema>

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
})
export type ImageDetail = z.infer<typeof imageDetailSchema>

/** A finding in a list: the match, its occurrence and its state. */
export const findingRowSchema = matchSchema
  .pick({
    vulnerabilityId: true,
    aliases: true,
    sourceName: true,
    sourceVersion: true,
    class: true,
    severity: true,
    cvssV3BaseScore: true,
    fixState: true,
    fixedVersion: true,
    patchable: true,
    category: true,
    securityCheck: true,
    ecosystem: true,
    publishedAt: true,
  })
  .extend({
    id: z.string(),
    state: findingStateSchema,
    packageNames: z.array(z.string()),
    registryId: z.string(),
    registryName: z.string(),
    repository: z.string(),
    digest: digestSchema,
    tags: z.array(z.string()),
    firstSeenAt: z.iso.datetime(),
    ...threatSchema.shape,
    /** Rules that disable it now. */
    rules: z.array(z.object({ id: z.string(), name: z.string() })),
  })
export type FindingRow = z.infer<typeof findingRowSchema>

/** Which threat lists were imported, each with its day; null: never, so that a missing mark means nothing. */
export const threatListsSchema = z.object({ kev: z.iso.date().nullable(), epss: z.iso.date().nullable() })
export type ThreatLists = z.infer<typeof threatListsSchema>

/** Everything the pane shows. */
export const findingDetailSchema = findingRowSchema.extend({
  match: matchSchema,
  /** The layers that brought its packages, with the instruction that made each where the history says. */
  layers: z.array(
    z.object({
      diffId: digestSchema,
      /** From the bottom, counted from 1. */
      position: z.int(),
      createdBy: z.string().nullable(),
      ofBase: z.boolean(),
    }),
  ),
  threatLists: threatListsSchema,
  distro: distroSchema.nullable(),
  closedAt: z.iso.datetime().nullable(),
  closeReason: z.string().nullable(),
  /** Other images in which the same vulnerability is open or disabled, this one first. At most 100. */
  affectedImages: z.array(
    z.object({
      registryId: z.string(),
      registryName: z.string(),
      subscriptionName: z.string(),
      repository: z.string(),
      digest: digestSchema,
      tags: z.array(z.string()),
      distro: z.string().nullable(),
      findingId: z.string(),
      state: findingStateSchema,
    }),
  ),
  affectedImagesTotal: z.int(),
})
export type FindingDetail = z.infer<typeof findingDetailSchema>

/** A security check of the recommendation: one vulnerability over all scanned images. */
export const securityCheckRowSchema = z.object({
  vulnerabilityId: z.string(),
  securityCheck: z.string(),
  category: z.string(),
  severity: severitySchema,
  patchable: z.boolean(),
  appliesToImages: z.int(),
  scannedImages: z.int(),
  /** One finding of it, for opening the pane. */
  findingId: z.string(),
})
export type SecurityCheckRow = z.infer<typeof securityCheckRowSchema>

export const secureScoreSchema = z.object({
  current: z.number(),
  max: z.number(),
  /** current / max, 0 to 1; null when nothing is assessed. */
  percentage: z.number().nullable(),
})
export type SecureScore = z.infer<typeof secureScoreSchema>

export const recommendationSummarySchema = z.object({
  key: z.literal('container-images'),
  /** The original's assessment key. */
  assessmentKey: z.uuid(),
  name: z.string(),
  control: z.string(),
  severity: severitySchema,
  status: z.enum(['unhealthy', 'healthy', 'not-applicable']),
  unhealthyRegistries: z.int(),
  healthyRegistries: z.int(),
  notApplicableRegistries: z.int(),
  score: secureScoreSchema,
  potentialScoreIncrease: z.number(),
})
export type RecommendationSummary = z.infer<typeof recommendationSummarySchema>

export const recommendationDetailSchema = recommendationSummarySchema.extend({
  totalFindings: z.int(),
  disabledFindings: z.int(),
  findings: findingCountsSchema,
  vulnerableImages: z.int(),
  scannedImages: z.int(),
  registriesWithMost: z.array(z.object({ registryId: z.string(), name: z.string(), findings: z.int() })),
})
export type RecommendationDetail = z.infer<typeof recommendationDetailSchema>

/** A feed of advisories as the portal states it. */
export const feedStatusSchema = feedUsedSchema.extend({
  /** `demonstration`: the snapshot shipped for the samples; `osv`: imported from a bucket-shaped place. */
  source: z.enum(['demonstration', 'osv']),
  importedAt: z.iso.datetime(),
  location: z.string(),
})
export type FeedStatus = z.infer<typeof feedStatusSchema>

/** How importing advisories from a source went. */
export const advisoryImportSchema = z.object({
  source: feedStatusSchema.shape.source,
  location: z.string(),
  /** When the last import went to its end; null when none did. */
  importedAt: z.iso.datetime().nullable(),
  /** Why the newest import broke off, for people; null when it did not. What was imported before stays. */
  error: z.string().nullable(),
  failedAt: z.iso.datetime().nullable(),
})
export type AdvisoryImport = z.infer<typeof advisoryImportSchema>

export const overviewSchema = z.object({
  score: secureScoreSchema,
  findings: findingCountsSchema,
  images: imageCountsSchema,
  registries: z.object({ unhealthy: z.int(), healthy: z.int(), notApplicable: z.int() }),
  topImages: z.array(imageSummarySchema),
  topChecks: z.array(securityCheckRowSchema),
  feeds: z.array(feedStatusSchema),
  imports: z.array(advisoryImportSchema),
  threatLists: threatListsSchema,
})
export type Overview = z.infer<typeof overviewSchema>
