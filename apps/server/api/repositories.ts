import type { RepositorySummary } from '@plimsoll/types'
import { z } from 'zod'
import { reading, router } from './trpc.ts'

export const repositories = router({
  list: reading
    .input(z.object({ registryId: z.string().max(100) }))
    .query(({ ctx, input }): Promise<RepositorySummary[]> => ctx.heavyReads.repositories(input.registryId)),
  get: reading
    .input(z.object({ registryId: z.string().max(100), name: z.string().max(255) }))
    .query(
      ({ ctx, input }): Promise<RepositorySummary> => ctx.heavyReads.repository(input.registryId, input.name),
    ),
})
