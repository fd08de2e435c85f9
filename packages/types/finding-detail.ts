import { z } from 'zod'
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
