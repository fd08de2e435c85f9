import { z } from 'zod'
import { imageCountsSchema } from './health.ts'
import { imageLinkSchema } from './image-detail.ts'
import { secureScoreSchema } from './posture.ts'
import { severityCountsSchema } from './severity.ts'

/** How the score went, and what would raise it. */

/** The state at the end of a day; of the last day, now. Days on which no server ran are not there. */
export const scorePointSchema = z.object({
  /** In UTC. */
  day: z.iso.date(),
  score: secureScoreSchema,
  registries: z.object({ unhealthy: z.int(), healthy: z.int(), notApplicable: z.int() }),
  images: imageCountsSchema,
  open: severityCountsSchema,
  /** Of the open findings, those with a free fix. */
  fixable: z.int(),
  disabled: z.int(),
})
export type ScorePoint = z.infer<typeof scorePointSchema>

export const scoreCauseKinds = [
  'rule-created',
  'rule-changed',
  'rule-expired',
  'rule-deleted',
  'plan-on',
  'plan-off',
  'registry-connected',
  'registry-removed',
  'registry-moved',
  'advisories-imported',
] as const
export const scoreCauseKindSchema = z.enum(scoreCauseKinds)
export type ScoreCauseKind = z.infer<typeof scoreCauseKindSchema>

/** What may have changed the score on a day. */
export const scoreCauseSchema = z.object({
  at: z.iso.datetime(),
  kind: scoreCauseKindSchema,
  /** Of the rule, subscription or registry, while it is there; null for advisories. */
  id: z.string().nullable(),
  /** What it was called then; where advisories were imported from. */
  name: z.string(),
  by: z.string().nullable(),
})
export type ScoreCause = z.infer<typeof scoreCauseSchema>

export const scoreTrendSchema = z.object({
  points: z.array(scorePointSchema),
  causes: z.array(scoreCauseSchema),
})
export type ScoreTrend = z.infer<typeof scoreTrendSchema>

const gain = {
  /** Open findings that would be gone. */
  findings: z.int(),
  /** Images and registries that would turn healthy. */
  healthyImages: z.int(),
  healthyRegistries: z.int(),
  /** Points of the score. */
  points: z.number(),
}

/** Something to do, and what it would bring. */
export const raiseSchema = z.discriminatedUnion('kind', [
  /** One source package brought to a version in every image of a release: what `feed`, `package` and a fix choose. */
  z.object({
    kind: z.literal('upgrade'),
    ecosystem: z.string(),
    feed: z.string(),
    package: z.string(),
    /** The highest version that any of these findings needs. */
    fixedVersion: z.string(),
    ...gain,
  }),
  /** All images on a base image built on the newer one of its repository: what `outdatedBase` and unhealthy choose. */
  z.object({
    kind: z.literal('base-image'),
    base: imageLinkSchema,
    newer: imageLinkSchema,
    /** Images with open findings that are on the base. */
    images: z.int(),
    ...gain,
  }),
])
export type Raise = z.infer<typeof raiseSchema>
