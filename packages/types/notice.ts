import { z } from 'zod'
import { imageLinkSchema } from './image-detail.ts'

/** An image that came to have open findings: the recommendation is raised anew. */
export const noticeSchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  image: imageLinkSchema,
  /** Open findings of class `security` it has now. */
  findings: z.int(),
})
export type Notice = z.infer<typeof noticeSchema>
