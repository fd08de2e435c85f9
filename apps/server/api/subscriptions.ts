import type { Subscription } from '@plimsoll/types'
import { listSubscriptions } from '../posture/subscriptions.ts'
import { reading, router } from './trpc.ts'

export const subscriptions = router({
  list: reading.query(({ ctx }): Subscription[] => listSubscriptions(ctx.db)),
})
