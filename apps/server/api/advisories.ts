import type { AdvisoryImport, FeedStatus, ThreatLists } from '@plimsoll/types'
import { listFeeds, listImports } from '../advisories/status.ts'
import { threatLists } from '../advisories/threats.ts'
import { reading, router } from './trpc.ts'

export const advisories = router({
  status: reading.query(({ ctx }): FeedStatus[] => listFeeds(ctx.db)),
  imports: reading.query(({ ctx }): AdvisoryImport[] => listImports(ctx.db)),
  threatLists: reading.query(({ ctx }): ThreatLists => threatLists(ctx.db)),
})
