import type { Overview } from '@plimsoll/types'
import { getOverview } from '../posture/overview.ts'
import { reading, router } from './trpc.ts'

export const overview = router({
  get: reading.query(({ ctx }): Overview => getOverview(ctx.db)),
})
