import { pageSchema, type RecommendationDetail, type RecommendationSummary } from '@plimsoll/types'
import { z } from 'zod'
import { type SecurityCheckPage, securityCheckSorts, securityCheckTabs } from '../posture/security-checks.ts'
import { thisMinute } from './this-minute.ts'
import { readingWithin, router } from './trpc.ts'

const securityChecksInput = z.object({
  tab: z.enum(securityCheckTabs).default('findings'),
  q: z.string().max(200).optional(),
  sort: z.enum(securityCheckSorts).default('-severity'),
  ...pageSchema.shape,
})

const listInput = z.object({ q: z.string().max(200).optional() }).prefault({})

export const recommendations = router({
  list: readingWithin
    .input(listInput)
    .query(
      ({ ctx, input }): Promise<RecommendationSummary[]> =>
        ctx.heavyReads.recommendations({ ...input, now: thisMinute() }),
    ),
  get: readingWithin.query(
    ({ ctx, input }): Promise<RecommendationDetail> =>
      ctx.heavyReads.recommendation({ ...input, now: thisMinute() }),
  ),
  securityChecks: readingWithin
    .input(securityChecksInput)
    .query(({ ctx, input }): Promise<SecurityCheckPage> => ctx.heavyReads.securityChecks(input)),
})
