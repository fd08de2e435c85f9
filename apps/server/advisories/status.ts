import type { FeedStatus } from '@plimsoll/types'
import type { Db } from '../db/open.ts'

export function listFeeds(_db: Db): FeedStatus[] {
  throw new Error('not written yet')
}
