import { z } from 'zod'
import { concurrencyOf, setConcurrency } from '../settings/concurrency.ts'
import { maxConcurrency } from '../settings/setting.ts'
import { allowed, reading, router } from './trpc.ts'

export interface Settings {
  readonly concurrency: number
  readonly concurrencyMax: number
}

/** Settings of the whole installation. */
export const settings = router({
  get: reading.query(
    ({ ctx }): Settings => ({ concurrency: concurrencyOf(ctx.db), concurrencyMax: maxConcurrency }),
  ),
  set: allowed('settings/write')
    .input(z.object({ concurrency: z.int().min(1).max(maxConcurrency) }))
    .mutation(({ ctx, input }): Settings => {
      setConcurrency(input.concurrency, ctx)
      return { concurrency: concurrencyOf(ctx.db), concurrencyMax: maxConcurrency }
    }),
})
