import { pageSchema, type RecommendationDetail, type RecommendationSummary } from '@plimsoll/types'
import { z } from 'zod'
import { type SecurityCheckPage, securityCheckSorts } from '../posture/security-checks.ts'
import { readingWithin, router } from './trpc.ts'

const securityChecksInput = z.object({
  tab: z.enum(['findings', 'disabled']).default('findings'),
  q: z.string().max(200).optional(),
  sort: z.enum(securityCheckSorts).default('-severity'),
  ...pageSchema.shape,
})

export const recommendations = router({
  list: readingWithin.query(
    ({ ctx, input }): Promise<RecommendationSummary[]> => ctx.heavyReads.recommendations(input.scope),
  ),
  get: readingWithin.query(
    ({ ctx, input }): Promise<RecommendationDetail> => ctx.heavyReads.recommendation(input.scope),
  ),
  securityChecks: readingWithin
    .input(securityChecksInput)
    .query(({ ctx, input }): Promise<SecurityCheckPage> => ctx.heavyReads.securityChecks(input)),
})
