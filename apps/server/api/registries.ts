import {
  type ConnectionTest,
  newRegistrySchema,
  type RegistryDetail,
  type RegistrySummary,
  registryChangeSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { rightOf } from '../access/rights.ts'
import { getRegistry, listRegistries } from '../posture/registries.ts'
import { changeRegistry } from '../registries/change.ts'
import { connectRegistry } from '../registries/connect.ts'
import { removeRegistry } from '../registries/remove.ts'
import { connectionToTestSchema, testConnection } from '../registries/test-connection.ts'
import { rotateWebhookSecret } from '../registries/webhook-secret.ts'
import type { Context } from './context.ts'
import { allowed, reading, router } from './trpc.ts'

const connecting = allowed('registries/write')

export const registries = router({
  list: reading.query(({ ctx }): RegistrySummary[] => listRegistries(ctx.db)),
  get: reading
    .input(z.object({ registryId: z.string().max(100) }))
    .query(({ ctx, input }): RegistryDetail => {
      // It holds the webhook's secret, so it is for those who may connect registries.
      const shown = rightOf(ctx.viewer, 'registries/write') === 'granted'
      return shown
        ? detailOf(ctx, input.registryId)
        : { ...getRegistry(ctx.db, input.registryId), webhook: null }
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
      return detailOf(ctx, await connectRegistry(input, ctx.connections, ctx.viewer, signal))
    }),
  change: connecting.input(registryChangeSchema).mutation(({ ctx, input }): RegistryDetail => {
    changeRegistry(input, ctx.connections, ctx.viewer)
    return detailOf(ctx, input.registryId)
  }),
  remove: connecting
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(({ ctx, input }) => removeRegistry(input.registryId, ctx.connections, ctx.viewer)),
  /** The answer holds the new secret; the one before is refused from now on. */
  rotateWebhookSecret: connecting
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(({ ctx, input }): RegistryDetail => {
      rotateWebhookSecret(input.registryId, ctx.connections, ctx.viewer)
      return detailOf(ctx, input.registryId)
    }),
  /** Has a registry listed, and what is known of it looked for, now. `started` is false while its plan is off. */
  reconcile: allowed('scans/write')
    .input(z.object({ registryId: z.string().max(100) }))
    .mutation(({ ctx, input }): { started: boolean } => {
      const { id } = getRegistry(ctx.db, input.registryId)
      return { started: ctx.reconciler.wake(id) }
    }),
})

function detailOf(
  { db, webhookSetup }: Pick<Context, 'db' | 'webhookSetup'>,
  registryId: string,
): RegistryDetail {
  const registry = getRegistry(db, registryId)
  return { ...registry, webhook: registry.kind === 'demonstration' ? null : webhookSetup(registry.id) }
}
