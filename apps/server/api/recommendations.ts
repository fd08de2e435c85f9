import { pageSchema, type RecommendationDetail, type RecommendationSummary } from '@plimsoll/types'
import { z } from 'zod'
import { type SecurityCheckPage, securityCheckSorts } from '../posture/security-checks.ts'
import { reading, router } from './trpc.ts'

const securityChecksInput = z.object({
  tab: z.enum(['findings', 'disabled']).default('findings'),
  q: z.string().max(200).optional(),
  sort: z.enum(securityCheckSorts).default('-severity'),
  ...pageSchema.shape,
})

export const recommendations = router({
  list: reading.query(({ ctx }): Promise<RecommendationSummary[]> => ctx.heavyReads.recommendations()),
  get: reading.query(({ ctx }): Promise<RecommendationDetail> => ctx.heavyReads.recommendation()),
  securityChecks: reading
    .input(securityChecksInput)
    .query(({ ctx, input }): Promise<SecurityCheckPage> => ctx.heavyReads.securityChecks(input)),
})
