import {
  type ConnectionTest,
  newRegistrySchema,
  type RegistryDetail,
  type RegistrySummary,
  registryChangeSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { rightOf } from '../access/rights.ts'
import { changeRegistry } from '../registries/change.ts'
import { connectRegistry } from '../registries/connect.ts'
import { requireRegistry } from '../registries/known.ts'
import { removeRegistry } from '../registries/remove.ts'
import { connectionToTestSchema, testConnection } from '../registries/test-connection.ts'
import { rotateWebhookSecret } from '../registries/webhook-secret.ts'
import type { Context } from './context.ts'
import { allowed, reading, readingWithin, router } from './trpc.ts'

const connecting = allowed('registries/write')

export const registries = router({
  list: readingWithin.query(
    ({ ctx, input }): Promise<RegistrySummary[]> => ctx.heavyReads.registries(input.scope),
  ),
  get: reading
    .input(z.object({ registryId: z.string().max(100) }))
    .query(async ({ ctx, input }): Promise<RegistryDetail> => {
      // It holds the webhook's secret, so it is for those who may connect registries.
      const shown = rightOf(ctx.viewer, 'registries/write') === 'granted'
      return shown
        ? await detailOf(ctx, input.registryId)
        : { ...(await ctx.heavyReads.registry(input.registryId)), webhook: null }
    }),
  /** Tries a connection; see `testConnection`. */
  test: connecting
    .input(connectionToTestSchema)
    .mutation(
      async ({ ctx, input, signal }): Promise<ConnectionTest> =>
        await testConnection(input, ctx.connections, signal),
    ),
  connect: connecting
    .input(newRegistrySchema)
    .mutation(async ({ ctx, input, signal }): Promise<RegistryDetail> => {
      return await detailOf(ctx, await connectRegistry(input, ctx.connections, ctx.viewer, signal))
    }),
  change: connecting.input(registryChangeSchema).mutation(async ({ ctx, input }): Promise<RegistryDetail> => {
    changeRegistry(input, ctx.connections, ctx.viewer)
    return await detailOf(ctx, input.registryId)
  }),
  remove: connecting
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(({ ctx, input }) => removeRegistry(input.registryId, ctx.connections, ctx.viewer)),
  /** The answer holds the new secret; the one before is refused from now on. */
  rotateWebhookSecret: connecting
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(async ({ ctx, input }): Promise<RegistryDetail> => {
      rotateWebhookSecret(input.registryId, ctx.connections, ctx.viewer)
      return await detailOf(ctx, input.registryId)
    }),
  /** Has a registry listed, and what is known of it looked for, now. `started` is false while its plan is off. */
  reconcile: allowed('scans/write')
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(({ ctx, input }): { started: boolean } => {
      requireRegistry(ctx.db, input.registryId)
      return { started: ctx.reconciler.wake(input.registryId) }
    }),
})

async function detailOf(
  { heavyReads, webhookSetup }: Pick<Context, 'heavyReads' | 'webhookSetup'>,
  registryId: string,
): Promise<RegistryDetail> {
  const registry = await heavyReads.registry(registryId)
  return { ...registry, webhook: registry.kind === 'demonstration' ? null : webhookSetup(registry.id) }
}
