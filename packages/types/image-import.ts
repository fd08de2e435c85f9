import { z } from 'zod'
import { registryCredentialsSchema } from './registry.ts'
import { scanErrorCodeSchema } from './scan.ts'

/** A copy of an image, an index or one platform of it, into a connected registry. */
export const imageImportStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export const imageImportStateSchema = z.enum(imageImportStates)
export type ImageImportState = z.infer<typeof imageImportStateSchema>

export const newImageImportSchema = z.object({
  /** `docker.io/library/debian:12`, `mcr.microsoft.com/azurelinux/base/core@sha256:...` */
  source: z.string().trim().min(1, 'Give an image.').max(600),
  /** Left out: those of the connected registry that the source is in, else none. */
  sourceCredentials: registryCredentialsSchema.optional(),
  /** The source is asked over plain http. */
  sourcePlainHttp: z.boolean().default(false),
  registryId: z.string().max(100),
  /** Left out: the source's repository. */
  repository: z.string().trim().max(255).optional(),
  /** Left out: the source's tag; by digest alone, when it has none. */
  tag: z.string().trim().max(128).optional(),
  /** `linux/amd64`: that image of an index alone. Left out: all that the source names. */
  platform: z.string().trim().max(100).optional(),
})
export type NewImageImport = z.infer<typeof newImageImportSchema>

export const imageImportSchema = z.object({
  id: z.string(),
  source: z.string(),
  registryId: z.string(),
  registryName: z.string(),
  repository: z.string(),
  tag: z.string().nullable(),
  platform: z.string().nullable(),
  state: imageImportStateSchema,
  bytesDone: z.int(),
  bytesTotal: z.int(),
  bytesSpared: z.int(),
  digest: z.string().nullable(),
  error: z.object({ code: scanErrorCodeSchema, message: z.string(), hint: z.string().nullable() }).nullable(),
  attempts: z.int(),
  /** While it waits for another try, when that is; `error` is then why. */
  retryAt: z.iso.datetime().nullable(),
  requestedBy: z.string(),
  queuedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
})
export type ImageImport = z.infer<typeof imageImportSchema>
