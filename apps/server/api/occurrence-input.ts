import { digestSchema } from '@plimsoll/types'
import { z } from 'zod'

/** What names an occurrence: one digest in one repository of one registry. */
export const occurrenceInput = z.object({
  registryId: z.string().max(100),
  repository: z.string().max(255),
  digest: digestSchema,
})
