import { z } from 'zod'
import { feedUsedSchema } from './coverage.ts'
import { threatListsSchema } from './finding-detail.ts'
import { findingCountsSchema, imageCountsSchema } from './health.ts'
import { imageSummarySchema } from './image-detail.ts'
import { severitySchema } from './severity.ts'

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

/** What helps to decide what to do first. */
export const insightsSchema = z.object({
  /** Open findings that are known to be exploited; null when no list of those was imported. */
  knownExploited: z.int().nullable(),
  /** Open findings that an upgrade fixes. */
  fixable: z.int(),
  /** Disable rules, wherever they hold, that are about to end and disable something. */
  rulesEnding: z.int(),
})
export type Insights = z.infer<typeof insightsSchema>

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
  insights: insightsSchema,
})
export type RecommendationSummary = z.infer<typeof recommendationSummarySchema>

/** What an attacker may come to, in the original's words. */
export const threatKinds = [
  'accountBreach',
  'dataExfiltration',
  'dataSpillage',
  'elevationOfPrivilege',
] as const
export const threatKindSchema = z.enum(threatKinds)
export type ThreatKind = z.infer<typeof threatKindSchema>

/** A technique of MITRE ATT&CK, and the tactic that it serves. */
export const attackTechniqueSchema = z.object({
  tactic: z.object({ id: z.string(), name: z.string() }),
  id: z.string(),
  name: z.string(),
})
export type AttackTechnique = z.infer<typeof attackTechniqueSchema>

export const recommendationDetailSchema = recommendationSummarySchema.extend({
  userImpact: z.enum(['Low', 'Moderate', 'High']),
  implementationEffort: z.enum(['Low', 'Moderate', 'High']),
  threats: z.array(threatKindSchema),
  techniques: z.array(attackTechniqueSchema),
  /** After how many days images that are in use are scanned again, where plans differ from least to most; null: never. */
  freshnessDays: z.object({ least: z.int(), most: z.int() }).nullable(),
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
