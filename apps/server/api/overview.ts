import type { Overview, Raise, ScoreTrend } from '@plimsoll/types'
import { z } from 'zod'
import { dayOf } from '../advisories/days.ts'
import { keptDays } from '../posture/score-trend.ts'
import { readingWithin, router } from './trpc.ts'

const trendInput = z.object({ days: z.int().min(1).max(keptDays).default(30) }).prefault({})

export const overview = router({
  get: readingWithin.query(({ ctx, input }): Promise<Overview> => ctx.heavyReads.overview(input.scope)),
  trend: readingWithin
    .input(trendInput)
    .query(
      ({ ctx, input }): Promise<ScoreTrend> => ctx.heavyReads.trend({ ...input, today: dayOf(new Date()) }),
    ),
  /** What would raise the score most, the best first. */
  raise: readingWithin.query(({ ctx, input }): Promise<Raise[]> => ctx.heavyReads.raise(input.scope)),
})
