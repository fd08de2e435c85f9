import { type MonthTotal, monthSchema, type Price, pageSchema, priceSchema } from '@plimsoll/types'
import { z } from 'zod'
import { readPrice, setPrice } from '../billing/price.ts'
import type { ChargePage } from '../posture/heavy-reads.ts'
import { allowed, reading, readingWithin, router } from './trpc.ts'

const subscriptionId = z.string().max(100).optional()

export const billing = router({
  price: reading.query(({ ctx }): Price | null => readPrice(ctx.db)),
  setPrice: allowed('billing/write')
    .input(z.object({ price: priceSchema.nullable() }))
    .mutation(({ ctx, input }): Price | null => setPrice(input.price, ctx)),
  months: readingWithin
    .input(z.object({ subscriptionId }))
    .query(({ ctx, input }): Promise<MonthTotal[]> => ctx.heavyReads.months(input)),
  charges: readingWithin
    .input(z.object({ month: monthSchema, subscriptionId, ...pageSchema.shape }))
    .query(({ ctx, input }): Promise<ChargePage> => ctx.heavyReads.charges(input)),
})
