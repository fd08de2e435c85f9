import { pageSchema, type ScanSummary } from '@plimsoll/types'
import { TRPCError, tracked } from '@trpc/server'
import { z } from 'zod'
import { listScans, type ScanPage } from '../jobs/list.ts'
import { requestScan } from '../jobs/request.ts'
import { watchChanges } from '../jobs/watch.ts'
import { occurrenceInput } from './occurrence-input.ts'
import { allowed, reading, router } from './trpc.ts'

export const scans = router({
  list: reading
    .input(z.object(pageSchema.shape))
    .query(({ ctx, input }): ScanPage => listScans(ctx.db, input)),
  request: allowed('scans/write')
    .input(occurrenceInput)
    .mutation(({ ctx, input }): ScanSummary => requestScan(input, ctx)),
  /**
   * Every change of a scan, at most 4 a second for each, and the names of lists to refetch. After a reconnect the
   * client refetches (it cannot know what it missed), so the ids need only differ. Each is told to those alone who may
   * hear it at that moment.
   */
  watch: reading
    .input(z.object({ lastEventId: z.string().nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const { id, event } of watchChanges(ctx.events, input?.lastEventId ?? null, signal)) {
        if (!(await ctx.access.stillHolds())) {
          throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' })
        }
        yield tracked(id, event)
      }
    }),
})
