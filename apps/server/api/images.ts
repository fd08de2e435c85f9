import {
  type DeletionPreview,
  digestSchema,
  type ExplainAnswer,
  healthSchema,
  type ImageDetail,
  pageSchema,
  type ScanSummary,
  severitySchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { dayOf } from '../advisories/days.ts'
import { explainFinding } from '../findings/explain.ts'
import { deleteImage, previewDeletion } from '../intake/delete-image.ts'
import { listScansOfImage } from '../jobs/list.ts'
import { getImage, type ImagePage } from '../posture/images.ts'
import { listPackages, type PackagePage } from '../posture/packages.ts'
import { occurrenceInput } from './occurrence-input.ts'
import { allowed, reading, readingWithin, router } from './trpc.ts'

const imagesInput = z.object({
  subscriptionId: z.string().max(100).optional(),
  registryId: z.string().max(100).optional(),
  repository: z.string().max(255).optional(),
  health: healthSchema.optional(),
  /** Those whose worst open finding is of this severity. */
  worst: severitySchema.optional(),
  /** Those on this base image, where its repository has a newer one to build on. */
  outdatedBase: occurrenceInput.optional(),
  /** Only superseded images instead of only current ones. */
  superseded: z.boolean().default(false),
  ...pageSchema.shape,
})
const packagesInput = occurrenceInput.extend({
  q: z.string().max(200).optional(),
  /** diffID of the layer that brought them. */
  layer: digestSchema.optional(),
  ...pageSchema.shape,
})
const explainInput = occurrenceInput.extend({ id: z.string().trim().min(1).max(200) })

export const images = router({
  list: readingWithin
    .input(imagesInput)
    .query(({ ctx, input }): Promise<ImagePage> => ctx.heavyReads.images(input)),
  get: reading.input(occurrenceInput).query(({ ctx, input }): ImageDetail => getImage(ctx.db, input)),
  packages: reading.input(packagesInput).query(({ ctx, input }): PackagePage => listPackages(ctx.db, input)),
  /** Why a vulnerability is, or is not, among the image's findings. */
  explain: reading
    .input(explainInput)
    .query(({ ctx, input }): ExplainAnswer => explainFinding(ctx.db, input, dayOf(new Date()))),
  /** What deleting it in its registry would take with it. */
  deletion: reading
    .input(occurrenceInput)
    .query(({ ctx, input }): DeletionPreview => previewDeletion(ctx.db, input)),
  delete: allowed('images/delete')
    .input(occurrenceInput)
    .mutation(
      ({ ctx, input }): Promise<{ deleted: true }> =>
        deleteImage(input, { ...ctx, client: ctx.connections.sources.client }),
    ),
  scans: reading
    .input(occurrenceInput)
    .query(({ ctx, input }): ScanSummary[] => listScansOfImage(ctx.db, input)),
})
