import {
  newSubscriptionSchema,
  planSchema,
  planSettingsSchema,
  type Subscription,
  type SubscriptionDetail,
  scopeNameSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { configurePlan } from '../plans/configure.ts'
import { setPlan } from '../plans/set-plan.ts'
import { listSubscriptions } from '../posture/subscriptions.ts'
import {
  createSubscription,
  deleteSubscription,
  moveSubscription,
  renameSubscription,
} from '../scopes/subscriptions.ts'
import { allowed, reading, router } from './trpc.ts'

const writing = allowed('scopes/write')
const planning = allowed('plans/write')
const id = z.string().max(100)

export const subscriptions = router({
  list: reading.query(({ ctx }): Subscription[] => listSubscriptions(ctx.db)),
  get: reading
    .input(z.object({ id }))
    .query(({ ctx, input }): Promise<SubscriptionDetail> => ctx.heavyReads.subscription(input.id)),
  create: writing
    .input(newSubscriptionSchema)
    .mutation(({ ctx, input }): SubscriptionDetail => createSubscription(input, ctx)),
  rename: writing
    .input(z.object({ id, name: scopeNameSchema }))
    .mutation(({ ctx, input }): SubscriptionDetail => renameSubscription(input, ctx)),
  move: writing
    .input(z.object({ id, managementGroupId: id }))
    .mutation(({ ctx, input }): SubscriptionDetail => moveSubscription(input, ctx)),
  delete: writing
    .input(z.object({ id }))
    .mutation(({ ctx, input }): { deleted: true } => deleteSubscription(input, ctx)),
  setPlan: planning
    .input(z.object({ id, plan: planSchema }))
    .mutation(({ ctx, input }): Promise<SubscriptionDetail> => setPlan(input, ctx)),
  configure: planning
    .input(z.object({ id, settings: planSettingsSchema.partial() }))
    .mutation(({ ctx, input }): SubscriptionDetail => configurePlan(input, ctx)),
})
