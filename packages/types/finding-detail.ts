import { z } from 'zod'
import { ruleReasonSchema } from './disable-rule.ts'
import { findingStateSchema, matchSchema } from './finding.ts'
import { digestSchema, distroSchema } from './image.ts'
import { threatSchema } from './threat.ts'

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

/** A disable rule as it was when it did what the timeline tells. */
const timelineRuleSchema = z.object({
  id: z.string(),
  /** Whether it is still to be seen: it was not deleted. */
  isThere: z.boolean(),
  name: z.string(),
  savedBy: z.string(),
  reason: ruleReasonSchema.nullable(),
  justification: z.string(),
  expiresAt: z.iso.datetime().nullable(),
  untilFixed: z.boolean(),
})
export type TimelineRule = z.infer<typeof timelineRuleSchema>

/**
 * Why a rule does not disable a finding any more: it ended or was changed, another one overrides it, the image is not in
 * its scope any more, or there is a fix, which it was to hold until.
 */
export const ruleLossSchema = z.enum(['expired', 'deleted', 'changed', 'overridden', 'scope', 'fix'])
export type RuleLoss = z.infer<typeof ruleLossSchema>

const at = z.iso.datetime()

/** What happened to a finding. Of several rules each has its event; only the loss of the last one opens it again. */
export const findingEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first-seen'), at }),
  /** It was closed before, and is there again. */
  z.object({ kind: z.literal('seen-again'), at }),
  z.object({ kind: z.literal('disabled'), at, rule: timelineRuleSchema }),
  /** The rule was saved anew and disables it still. */
  z.object({ kind: z.literal('rule-changed'), at, rule: timelineRuleSchema }),
  z.object({
    kind: z.literal('rule-lost'),
    at,
    rule: timelineRuleSchema,
    because: ruleLossSchema,
    /** Who deleted or changed it; null where nobody did. */
    by: z.string().nullable(),
    /** No other rule disables it. */
    reopened: z.boolean(),
  }),
  /** Scans that found it again, and between which nothing else happened to it. */
  z.object({
    kind: z.literal('rescanned'),
    /** When the first of them ended. */
    at,
    lastAt: at,
    times: z.int().min(1),
    /** There may have been more before: of an image's scans the newest are kept. */
    atLeast: z.boolean(),
  }),
  z.object({ kind: z.literal('fix-published'), at }),
  z.object({ kind: z.literal('fix-withdrawn'), at }),
  z.object({ kind: z.literal('closed'), at, reason: z.string().nullable() }),
])
export type FindingEvent = z.infer<typeof findingEventSchema>

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
  /** In the order in which it happened. */
  timeline: z.array(findingEventSchema),
})
export type FindingDetail = z.infer<typeof findingDetailSchema>
