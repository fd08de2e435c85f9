import {
  type ChosenVulnerabilities,
  type FindingDetail,
  findingChoiceSchema,
  findingFilterSchema,
  findingListInputSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { type CountedBeside, countBeside } from '../findings/beside.ts'
import { getFinding } from '../findings/get.ts'
import { type FindingPage, listFindings } from '../findings/list.ts'
import { requireScope } from '../scopes/within.ts'
import { reading, router } from './trpc.ts'

export const findings = router({
  list: reading.input(findingListInputSchema).query(({ ctx, input }): FindingPage => {
    requireScope(ctx.db, input.filter.scope)
    return listFindings(ctx.db, input)
  }),
  beside: reading.input(findingFilterSchema).query(({ ctx, input }): CountedBeside => {
    requireScope(ctx.db, input.scope)
    return countBeside(ctx.db, input)
  }),
  /** The ids of chosen findings' vulnerabilities. */
  vulnerabilities: reading
    .input(findingChoiceSchema)
    .query(async ({ ctx, input }): Promise<ChosenVulnerabilities> => {
      requireScope(ctx.db, input.filter?.scope)
      return await ctx.heavyReads.chosenVulnerabilities(input)
    }),
  get: reading
    .input(z.object({ id: z.string().max(40) }))
    .query(({ ctx, input }): FindingDetail => getFinding(ctx.db, input.id)),
})
