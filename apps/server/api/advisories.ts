import type { FeedStatus } from '@plimsoll/types'
import { listFeeds } from '../advisories/status.ts'
import { reading, router } from './trpc.ts'

export const advisories = router({
  status: reading.query(({ ctx }): FeedStatus[] => listFeeds(ctx.db)),
})
