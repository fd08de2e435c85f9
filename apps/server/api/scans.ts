import {
  findingChoiceSchema,
  pageSchema,
  type ScanSummary,
  type ScansAsked,
  scanStateSchema,
  scopedSchema,
} from '@plimsoll/types'
import { TRPCError, tracked } from '@trpc/server'
import { z } from 'zod'
import { cancelQueued, cancelScan } from '../jobs/cancel.ts'
import type { ScanPage } from '../jobs/list.ts'
import { type QueueState, queueState } from '../jobs/queue-state.ts'
import { requestScan, requestScans } from '../jobs/request.ts'
import { requestScansOfChosen } from '../jobs/request-chosen.ts'
import { retryFailed } from '../jobs/retry-failed.ts'
import { watchChanges } from '../jobs/watch.ts'
import { requireScope } from '../scopes/within.ts'
import { concurrencyOf } from '../settings/concurrency.ts'
import { occurrenceInput } from './occurrence-input.ts'
import { allowed, reading, readingWithin, router } from './trpc.ts'

const scanning = allowed('scans/write')
const registryId = z.string().max(100)
/** 0: what somebody waits for, 1: background work. */
const lane = z.int().min(0).max(1)
const manyInput = scopedSchema.extend({ registryId: registryId.optional(), lane: lane.optional() })

export const scans = router({
  list: readingWithin
    .input(
      z.object({
        ...pageSchema.shape,
        state: scanStateSchema.optional(),
        lane: lane.optional(),
        registryId: registryId.optional(),
      }),
    )
    .query(({ ctx, input }): Promise<ScanPage> => ctx.heavyReads.scans(input)),
  request: scanning.input(occurrenceInput).mutation(({ ctx, input }): ScanSummary => requestScan(input, ctx)),
  requestRepository: scanning
    .input(z.object({ registryId, repository: z.string().max(255) }))
    .mutation(
      async ({ ctx, input }): Promise<{ asked: number }> => ({ asked: await requestScans(input, ctx) }),
    ),
  /** Asks for the images that chosen findings are in. */
  requestChosen: scanning.input(findingChoiceSchema).mutation(async ({ ctx, input }): Promise<ScansAsked> => {
    requireScope(ctx.db, input.filter?.scope)
    return await requestScansOfChosen(input, ctx)
  }),
  /** What that would come to. */
  ofChosen: reading.input(findingChoiceSchema).query(async ({ ctx, input }): Promise<ScansAsked> => {
    requireScope(ctx.db, input.filter?.scope)
    return await ctx.heavyReads.scansOfChosen(input)
  }),
  requestRegistry: scanning
    .input(z.object({ registryId }))
    .mutation(
      async ({ ctx, input }): Promise<{ asked: number }> => ({ asked: await requestScans(input, ctx) }),
    ),
  cancel: scanning
    .input(z.object({ id: z.string().regex(/^\d{1,15}$/, 'This is no id of a scan.') }))
    .mutation(({ ctx, input }): ScanSummary => cancelScan(Number(input.id), ctx)),
  /** Asks anew for every image whose newest scan failed. */
  retryFailed: scanning.input(manyInput).mutation(async ({ ctx, input }): Promise<{ asked: number }> => {
    requireScope(ctx.db, input.scope)
    return { asked: await retryFailed(input, ctx) }
  }),
  cancelQueued: scanning.input(manyInput).mutation(async ({ ctx, input }): Promise<{ cancelled: number }> => {
    requireScope(ctx.db, input.scope)
    return { cancelled: await cancelQueued(input, ctx) }
  }),
  queue: readingWithin.query(
    ({ ctx, input }): QueueState => queueState(ctx.db, concurrencyOf(ctx.db), input.scope),
  ),
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
