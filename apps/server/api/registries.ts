import type { RegistryDetail, RegistrySummary } from '@plimsoll/types'
import { z } from 'zod'
import { rightOf } from '../access/rights.ts'
import { getRegistry, listRegistries } from '../posture/registries.ts'
import { allowed, reading, router } from './trpc.ts'

export const registries = router({
  list: reading.query(({ ctx }): RegistrySummary[] => listRegistries(ctx.db)),
  get: reading
    .input(z.object({ registryId: z.string().max(100) }))
    .query(({ ctx, input }): RegistryDetail => {
      const registry = getRegistry(ctx.db, input.registryId)
      // It holds the webhook's secret, so it is for those who may connect registries.
      const shown = registry.kind !== 'demonstration' && rightOf(ctx.viewer, 'registries/write') === 'granted'
      return { ...registry, webhook: shown ? ctx.webhookSetup(registry.id) : null }
    }),
  /** Has a registry listed, and what is known of it looked for, now. `started` is false while its plan is off. */
  reconcile: allowed('scans/write')
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(({ ctx, input }): { started: boolean } => {
      const { id } = getRegistry(ctx.db, input.registryId)
      return { started: ctx.reconciler.wake(id) }
    }),
})
