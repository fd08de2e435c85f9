import type { RepositorySummary } from '@plimsoll/types'
import { z } from 'zod'
import { getRepository, listRepositories } from '../posture/repositories.ts'
import { reading, router } from './trpc.ts'

export const repositories = router({
  list: reading
    .input(z.object({ registryId: z.string().max(100) }))
    .query(({ ctx, input }): RepositorySummary[] => listRepositories(ctx.db, input.registryId)),
  get: reading
    .input(z.object({ registryId: z.string().max(100), name: z.string().max(255) }))
    .query(({ ctx, input }): RepositorySummary => getRepository(ctx.db, input.registryId, input.name)),
})
