import { pageSchema, type RecommendationDetail, type RecommendationSummary } from '@plimsoll/types'
import { z } from 'zod'
import { getRecommendation, listRecommendations } from '../posture/recommendation.ts'
import { type SecurityCheckPage, securityCheckSorts } from '../posture/security-checks.ts'
import { reading, router } from './trpc.ts'

const securityChecksInput = z.object({
  tab: z.enum(['findings', 'disabled']).default('findings'),
  q: z.string().max(200).optional(),
  sort: z.enum(securityCheckSorts).default('-severity'),
  ...pageSchema.shape,
})

export const recommendations = router({
  list: reading.query(({ ctx }): RecommendationSummary[] => listRecommendations(ctx.db)),
  get: reading.query(({ ctx }): RecommendationDetail => getRecommendation(ctx.db)),
  securityChecks: reading
    .input(securityChecksInput)
    .query(({ ctx, input }): Promise<SecurityCheckPage> => ctx.heavyReads.securityChecks(input)),
})
